-- GMV of bad orders per 10,000 of GMV, as known 30 days after the order.
--
-- label:         Bad-order rate by GMV
-- unit:          bps
-- numerator:     bad_gmv_30d_usd
-- denominator:   gmv_usd
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 30
-- window:        day
-- owner:         Risk operations
-- good:          down
-- guard_rail:    bad_order_rate
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
    cast(bad_gmv_30d_usd as double) as numerator,
    cast(gmv_usd as double) as denominator,
    orders as n
from metrics.groupings
