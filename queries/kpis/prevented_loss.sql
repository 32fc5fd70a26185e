-- USD that a confirmed subject had earned before its verdict and that never left, or was taken
-- back: settlements of shops, commissions of creators. Each payout counts once, an overturned
-- verdict not at all, and nothing is extrapolated beyond the verdict.
--
-- label:         Prevented loss
-- unit:          usd
-- numerator:     own
-- denominator:   none
-- cohort:        confirmed shops and creators, by the local day their first verdict was known
-- maturity_days: 30
-- window:        day
-- owner:         Analyst leads
-- good:          up
-- guard_rail:    false_positive_friction, enforcement_precision
-- parent:        none
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
        saved_usd,
        payouts,
        unnest(groupings('entity_type', entity_type, 'market', market))
            as slice
    from metrics.prevented_losses
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(saved_usd) as double) as numerator,
    cast(null as double) as denominator,
    cast(sum(payouts) as bigint) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
