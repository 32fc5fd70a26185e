-- Share of orders that had no parcel on its way within 48 hours. Orders cancelled before
-- that are in the denominator and are not late.
--
-- label:         Late-dispatch rate
-- unit:          rate
-- numerator:     late_dispatch_orders
-- denominator:   orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 2
-- window:        day
-- owner:         Fulfilment
-- good:          down
-- guard_rail:    seller_cancellation_rate
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
    cast(late_dispatch_orders as double) as numerator,
    cast(orders as double) as denominator,
    orders as n
from metrics.groupings
