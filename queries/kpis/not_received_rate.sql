-- Share of orders claimed as never received within 21 days of ordering.
--
-- label:         Not received per order
-- unit:          rate
-- numerator:     not_received_orders
-- denominator:   orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 21
-- window:        day
-- owner:         Fulfilment
-- good:          down
-- guard_rail:    refund_rate
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
    cast(not_received_orders as double) as numerator,
    cast(orders as double) as denominator,
    orders as n
from metrics.groupings
