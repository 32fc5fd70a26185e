-- Buyer accounts that were opened: farms open theirs before they claim.
--
-- label:         Sign-ups
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        accounts, by the local day they were opened
-- maturity_days: 0
-- window:        day
-- owner:         Growth
-- good:          none
-- guard_rail:    young_account_rate
-- parent:        orders
-- leading:       true
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
--          dimension_a  varchar  market or nothing else; null = total
--          value_a      varchar
--          dimension_b  varchar  nothing else; null = one or none
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
    where metric = 'sign_ups'
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
