-- Payment attempts that were refused: stopped before they cost anything.
--
-- label:         Declined payments
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        attempts, by the local day in the buyer's market
-- maturity_days: 0
-- window:        day
-- owner:         Payments
-- good:          none
-- guard_rail:    orders
-- parent:        chargeback_rate
-- leading:       true
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
--          dimension_a  varchar  market or reason; null = total
--          value_a      varchar
--          dimension_b  varchar  reason; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with cells as (
    select
        day,
        events,
        unnest(groupings('market', market, 'reason', part)) as slice
    from metrics.subject_events
    where metric = 'declined_payments'
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(events) as double) as numerator,
    cast(null as double) as denominator,
    cast(sum(events) as bigint) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
