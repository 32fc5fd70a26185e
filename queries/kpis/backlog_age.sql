-- Days that those who wait have waited: the median of each day, and over several days the
-- mean of these. A mean of ages would be that of the oldest few.
-- Of days before the first build, whoever had left the queue by then is missing.
--
-- label:         Backlog age
-- unit:          days
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
        age_days,
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
    cast(median(age_days) as double) as numerator,
    cast(1.0 as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
