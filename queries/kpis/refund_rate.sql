-- Share of orders that their buyers asked money back for within 21 days of ordering.
--
-- label:         Refund rate
-- unit:          rate
-- numerator:     refunded_orders
-- denominator:   orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 21
-- window:        day
-- owner:         Customer service
-- good:          down
-- guard_rail:    low_rating_rate
-- parent:        gmv_usd
-- leading:       false
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to each market
--          dimension_a  varchar  column of metrics.cube; null = total
--          value_a      varchar
--          dimension_b  varchar  later in the alphabet; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
select
    day,
    dimension_a,
    value_a,
    dimension_b,
    value_b,
    cast(refunded_orders as double) as numerator,
    cast(orders as double) as denominator,
    orders as n
from metrics.groupings
