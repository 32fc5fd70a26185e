-- Of the subjects that were judged bad, how many no later word cleared within 30 days. An
-- appeal that fails is no proof: only random checks would be.
--
-- label:         Enforcement precision
-- unit:          rate
-- numerator:     own
-- denominator:   own
-- cohort:        bad verdicts and rule closures, by the local day they were known
-- maturity_days: 30
-- window:        day
-- owner:         Analyst leads
-- good:          up
-- guard_rail:    bad_order_rate
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
        1 - is_overturned as is_upheld,
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
    cast(sum(is_upheld) as double) as numerator,
    cast(count(*) as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
