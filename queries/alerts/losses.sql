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
with terms as (
    select
        s.entity_type,
        s.entity_id,
        t.flow,
        t.share,
        t.bearer
    from alerts.candidates as s
    inner join alerts.loss_terms as t
        on s.entity_type = t.entity_type and s.typology = t.typology
    where s.lane <> 'unproven'
),

-- Once per flow: two who bear its loss are no two suspects.
suspect_flows as (
    select distinct
        entity_type,
        entity_id,
        flow
    from terms
),

claims as (
    select
        k.*,
        m.event_id,
        m.amount as amount_usd
    from alerts.event_parties as m
    inner join suspect_flows as k
        on
            m.entity_type = k.entity_type
            and m.entity_id = k.entity_id
            and m.flow = k.flow
),

shared_claims as (
    select
        *,
        count(*) over (partition by flow, event_id) as suspects
    from claims
),

by_flow as (
    select
        entity_type,
        entity_id,
        flow,
        cast(sum(cast(amount_usd / suspects as decimal(18, 6))) as double)
            as split_usd,
        cast(sum(amount_usd) as double) as alone_usd
    from shared_claims
    group by entity_type, entity_id, flow
),

by_bearer as (
    select
        t.entity_type,
        t.entity_id,
        t.bearer,
        sum(cast(f.split_usd * t.share as decimal(18, 6))) as split_usd,
        sum(cast(f.alone_usd * t.share as decimal(18, 6))) as alone_usd
    from by_flow as f
    inner join terms as t
        on
            f.entity_type = t.entity_type
            and f.entity_id = t.entity_id
            and f.flow = t.flow
    group by t.entity_type, t.entity_id, t.bearer
),

bearer_ranks as (
    select
        *,
        row_number() over (
            partition by entity_type, entity_id
            order by split_usd desc nulls last, bearer asc nulls last
        ) as place
    from by_bearer
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
