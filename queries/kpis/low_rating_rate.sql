-- Share of delivered orders rated with 1 or 2 stars within 30 days of ordering.
--
-- label:         Negative review rate
-- unit:          rate
-- numerator:     low_rated_orders
-- denominator:   delivered_orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 30
-- window:        day
-- owner:         Customer service
-- good:          down
-- guard_rail:    refund_rate
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
    cast(low_rated_orders as double) as numerator,
    cast(delivered_orders as double) as denominator,
    delivered_orders as n
from metrics.groupings
