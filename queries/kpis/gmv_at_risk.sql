-- Value of orders whose money the shop has not got yet, each times the probability that its
-- shop is bad as today's build has it. What could be lost, not a loss.
--
-- label:         GMV at risk
-- unit:          usd
-- numerator:     own
-- denominator:   none
-- cohort:        orders that are unsettled at the end of the local day, since they were placed
-- maturity_days: 0
-- window:        stock
-- owner:         Risk operations
-- good:          down
-- guard_rail:    gmv_usd
-- parent:        bad_order_rate
-- leading:       false
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
--          dimension_a  varchar  category or market; null = total
--          value_a      varchar
--          dimension_b  varchar  market; null = one or none
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
    cast(amount_usd as double) as numerator,
    cast(null as double) as denominator,
    orders as n
from alerts.at_risk_days
where kind = 'gmv'
