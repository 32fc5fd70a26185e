-- Of the appeals decided, how many cleared the subject.
--
-- label:         Appeal overturn rate
-- unit:          rate
-- numerator:     own
-- denominator:   own
-- cohort:        appeals, by the local day the decision was known
-- maturity_days: 0
-- window:        day
-- owner:         Analyst leads
-- good:          down
-- guard_rail:    enforcement_precision
-- parent:        enforcement_precision
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
        flag(label = 'good') as is_cleared,
        unnest(groupings('entity_type', entity_type, 'market', market))
            as slice
    from metrics.verdicts
    where source = 'appeal'
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(is_cleared) as double) as numerator,
    cast(count(*) as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
