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
with first_verdicts as (
    select
        v.entity_type,
        v.entity_id,
        v.market,
        min(v.day) as day,
        min(l.decided_at) as decided_at
    from metrics.verdicts as v
    inner join staging.labels as l on v.label_id = l.label_id
    where
        v.label = 'bad'
        and v.is_overturned = 0
        and v.source not in ('rule', 'appeal')
    group by v.entity_type, v.entity_id, v.market
),

payouts as (
    select
        'merchant' as entity_type,
        o.merchant_id as entity_id,
        o.created_at,
        case
            when s.settled_at is null then s.amount_usd
            else s.clawed_back_usd
        end as saved_usd
    from staging.settlements as s
    inner join staging.orders as o on s.order_id = o.order_id
    union all
    select
        'creator' as entity_type,
        c.creator_id as entity_id,
        o.created_at,
        case
            when c.paid_at is null then c.amount_usd
            else c.clawed_back_usd
        end as saved_usd
    from staging.commissions as c
    inner join staging.orders as o on c.order_id = o.order_id
),

cells as (
    select
        v.day,
        cast(p.saved_usd as decimal(18, 6)) as saved_usd,
        unnest(groupings('entity_type', v.entity_type, 'market', v.market))
            as slice
    from first_verdicts as v
    inner join payouts as p
        on v.entity_type = p.entity_type and v.entity_id = p.entity_id
    where p.created_at < v.decided_at and p.saved_usd > 0.0
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(saved_usd) as double) as numerator,
    cast(null as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
