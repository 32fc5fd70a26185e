-- What vouchers took off, per USD of GMV.
--
-- label:         Voucher cost per GMV
-- unit:          rate
-- numerator:     voucher_usd
-- denominator:   gmv_usd
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 0
-- window:        day
-- owner:         Growth
-- good:          down
-- guard_rail:    orders
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
    cast(voucher_usd as double) as numerator,
    cast(gmv_usd as double) as denominator,
    orders as n
from metrics.groupings
