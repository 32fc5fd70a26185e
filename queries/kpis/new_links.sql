-- Buyers that were first seen on an identifier which another buyer had used before.
--
-- label:         New links between buyers
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        buyers and identifiers, by the local day they were first seen together
-- maturity_days: 0
-- window:        day
-- owner:         Risk operations
-- good:          none
-- guard_rail:    orders
-- parent:        bad_order_rate
-- leading:       true
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
--          dimension_a  varchar  market or relation; null = total
--          value_a      varchar
--          dimension_b  varchar  relation; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with cells as (
    select
        day,
        events,
        unnest(groupings('market', market, 'relation', part)) as slice
    from metrics.subject_events
    where metric = 'new_links'
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
