-- Share of orders that the shop failed: no parcel within 7 days, when the marketplace cancels.
-- No reason of a cancellation is delivered, so one within 48 hours counts as the buyer's own
-- and is left out of the numerator.
--
-- label:         Seller-fault cancellation rate
-- unit:          rate
-- numerator:     undispatched_orders
-- denominator:   orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 7
-- window:        day
-- owner:         Fulfilment
-- good:          down
-- guard_rail:    late_dispatch_rate
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
    cast(undispatched_orders as double) as numerator,
    cast(orders as double) as denominator,
    orders as n
from metrics.groupings
