-- Bad orders per 10,000, as known 30 days after the order. An order is bad when a person
-- has confirmed one of its parties, for behaviour that had begun by then (metrics.bad_orders).
--
-- label:         Bad-order rate
-- unit:          bps
-- numerator:     bad_orders_30d
-- denominator:   orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 30
-- window:        day
-- owner:         Risk operations
-- good:          down
-- guard_rail:    false_positive_friction, appeal_overturn_rate
-- parent:        gmv_usd
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
    cast(orders as double) as denominator,
    orders as n
from metrics.groupings
