-- Share of orders with a voucher for new buyers: farms of accounts live on these.
--
-- label:         Orders with a new-buyer voucher
-- unit:          rate
-- numerator:     new_buyer_voucher_orders
-- denominator:   orders
-- cohort:        paid orders, by the local day they were placed
-- maturity_days: 0
-- window:        day
-- owner:         Growth
-- good:          none
-- guard_rail:    bad_order_rate
-- parent:        voucher_cost_share
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
    cast(new_buyer_voucher_orders as double) as numerator,
    cast(orders as double) as denominator,
    orders as n
from metrics.groupings
