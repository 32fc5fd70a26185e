-- Days from when somebody looked, or a complaint came in, until the verdict that acts on it.
--
-- label:         Time to mitigate
-- unit:          days
-- numerator:     own
-- denominator:   own
-- cohort:        bad verdicts, appeals left out, by the local day they were known
-- maturity_days: 0
-- window:        day
-- owner:         Analyst leads
-- good:          down
-- guard_rail:    enforcement_precision
-- parent:        prevented_loss
-- leading:       false
-- labels:        true
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
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
        cast(decide_days as decimal(18, 6)) as decide_days,
        unnest(groupings('entity_type', entity_type, 'market', market))
            as slice
    from metrics.verdicts
    where label = 'bad' and source <> 'appeal'
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(decide_days) as double) as numerator,
    cast(count(*) as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
