-- USD that each confirmed subject had earned before its verdict and that never left, or was
-- taken back: settlements of shops, commissions of creators.
--
-- grain:   day, market, entity_type, entity_id
-- params:  none
-- returns: day          date     on which its first verdict was known
--          market       varchar  of the subject
--          entity_type  varchar  merchant or creator
--          entity_id    varchar
--          saved_usd    decimal(38,6)
--          payouts      bigint
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

final as (
    select
        v.day,
        v.market,
        v.entity_type,
        v.entity_id,
        cast(
            sum(cast(p.saved_usd as decimal(18, 6))) as decimal(38, 6)
        ) as saved_usd,
        count(*) as payouts
    from first_verdicts as v
    inner join payouts as p
        on v.entity_type = p.entity_type and v.entity_id = p.entity_id
    where p.created_at < v.decided_at and p.saved_usd > 0.0
    group by v.day, v.market, v.entity_type, v.entity_id
)

select * from final
