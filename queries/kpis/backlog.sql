-- Subjects that wait for a verdict at the end of a day.
-- Of days before the first build, whoever had left the queue by then is missing.
--
-- label:         Backlog
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        those that wait at the end of each UTC day
-- maturity_days: 0
-- window:        stock
-- owner:         Analyst leads
-- good:          down
-- guard_rail:    enforcement_precision, time_to_mitigate
-- parent:        prevented_loss
-- leading:       false
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     UTC
--          dimension_a  varchar  entity_type or market; null = total
--          value_a      varchar
--          dimension_b  varchar  market; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with cells as (
    select
        day,
        unnest(groupings('entity_type', entity_type, 'market', market))
            as slice
    from alerts.waiting_days
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(count(*) as double) as numerator,
    cast(null as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
