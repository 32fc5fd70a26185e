-- Share of orders of at most USD 10 that their buyers asked money back for within 21 days.
--
-- Claims on them are often refunded without return, so that a rule on small claims moves
-- them first, and so does whoever lives on such claims.
--
-- label:         Refund rate of small orders
-- unit:          rate
-- numerator:     small_refunded_orders
-- denominator:   small_orders
-- cohort:        paid orders of at most USD 10, by the local day they were placed
-- maturity_days: 21
-- window:        day
-- owner:         Customer service
-- good:          down
-- guard_rail:    low_rating_rate
-- parent:        refund_rate
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
    cast(small_refunded_orders as double) as numerator,
    cast(small_orders as double) as denominator,
    small_orders as n
from metrics.groupings
