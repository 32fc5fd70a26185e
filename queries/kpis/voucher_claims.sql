-- Paid orders on which a voucher was used, by market and category.
--
-- label:         Voucher claims
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 0
-- window:        day
-- owner:         Risk operations
-- good:          none
-- guard_rail:    none
-- parent:        bad_order_rate
-- leading:       true
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
    cast(voucher_orders as double) as numerator,
    cast(null as double) as denominator,
    voucher_orders as n
from metrics.groupings
where
    coalesce(dimension_a, 'market') in ('category', 'market')
    and coalesce(dimension_b, 'market') = 'market'
