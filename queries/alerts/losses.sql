-- What each suspect takes a day, an event's loss shared by all suspects who touched it.
--
-- A brushing shop, its listing and its hired buyers meet in one order; the order is
-- lost once. So each of them carries an equal part of it, and the parts of any ring
-- sum to no more than the ring's money.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type     varchar
--          entity_id       varchar
--          daily_loss_usd  double   USD a day lost, each event counted once
--          alone_loss_usd  double   USD a day, had nobody else a part in it
--          ring_share      double   0..1: the former over the latter
--          loss_bearer     varchar  who bears the largest part, ties by name
with bearer_ranks as (
    select
        *,
        row_number() over (
            partition by entity_type, entity_id
            order by split_usd desc nulls last, bearer asc nulls last
        ) as place
    from alerts.bearer_losses
),

totals as (
    select
        entity_type,
        entity_id,
        cast(sum(split_usd) as double) as split_usd,
        cast(sum(alone_usd) as double) as alone_usd,
        max(bearer) filter (where place = 1) as loss_bearer
    from bearer_ranks
    group by entity_type, entity_id
),

final as (
    select
        entity_type,
        entity_id,
        split_usd / loss_days() as daily_loss_usd,
        alone_usd / loss_days() as alone_loss_usd,
        case
            when alone_usd > 0.0 then least(split_usd / alone_usd, 1.0)
            else 1.0
        end as ring_share,
        loss_bearer
    from totals
)

select * from final
