-- Creators who gained a tenth of their followers and fifty or more within a day.
--
-- label:         Follower steps
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        creators, by the day of the step
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
with cells as (
    select
        day,
        events,
        unnest([
            one_dimension(null, null), one_dimension('market', market)
        ]) as slice
    from metrics.subject_events
    where metric = 'follower_steps'
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
