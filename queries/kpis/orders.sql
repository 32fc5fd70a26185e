-- Orders that were paid, free samples left out.
--
-- label:         Paid orders
-- unit:          count
-- numerator:     orders
-- denominator:   none
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 0
-- window:        day
-- owner:         Growth
-- good:          up
-- guard_rail:    bad_order_rate, late_dispatch_rate
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
    cast(orders as double) as numerator,
    cast(null as double) as denominator,
    orders as n
from metrics.groupings
