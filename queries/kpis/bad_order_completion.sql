-- Of the orders known to be bad at 60 days, how many were known at 30: the factor by which
-- the bad-order rate still grows.
--
-- label:         Bad orders known at 30 of 60 days
-- unit:          rate
-- numerator:     bad_orders_30d
-- denominator:   bad_orders_60d
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 60
-- window:        day
-- owner:         Risk operations
-- good:          up
-- guard_rail:    none
-- parent:        bad_order_rate
-- leading:       false
-- labels:        true
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
    cast(bad_orders_30d as double) as numerator,
    cast(bad_orders_60d as double) as denominator,
    bad_orders_60d as n
from metrics.groupings
