-- Orders contested at a bank within 60 days, per 10,000 orders. Most banks tell within 60
-- days, some take 120: later ones are not counted.
--
-- label:         Chargeback rate
-- unit:          bps
-- numerator:     disputed_orders
-- denominator:   orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 60
-- window:        day
-- owner:         Payments
-- good:          down
-- guard_rail:    declined_payments
-- parent:        bad_order_rate
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
    cast(disputed_orders as double) as numerator,
    cast(orders as double) as denominator,
    orders as n
from metrics.groupings
