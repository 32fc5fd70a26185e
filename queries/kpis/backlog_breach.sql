-- Of those that wait, how many have for more than 7 days.
-- Of days before the first build, whoever had left the queue by then is missing.
--
-- label:         Waiting over 7 days
-- unit:          rate
-- numerator:     own
-- denominator:   own
-- cohort:        those that wait at the end of each UTC day
-- maturity_days: 0
-- window:        stock
-- owner:         Analyst leads
-- good:          down
-- guard_rail:    enforcement_precision
-- parent:        backlog
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
        flag(age_days > 7) as is_late,
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
    cast(sum(is_late) as double) as numerator,
    cast(count(*) as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
