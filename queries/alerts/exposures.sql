-- Money each entity can still take, by the flow it takes it from.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type      varchar
--          entity_id        varchar
--          held_usd         double   held by the platform, not yet paid out
--          overdue_usd      double   of it, held past its payout date
--          payout_days      double   mean days until the rest leaves, null = unknown
--          gmv_usd          double   USD a day, over 30 days: paid orders
--          gmv_ahead_usd    double   of it, what goes on: none in a finished room
--          voucher_usd      double   USD a day: discounts
--          commission_usd   double   USD a day: promised to creators
--          refund_usd       double   USD a day: refunds asked
--          slot_fee_usd     double   USD a day: fees for live slots
with ended_sessions as (
    select live_session_id
    from staging.live_sessions
    where
        ended_at < (
            select cast(max(as_of) as timestamp) from facts.snapshots
        )
),

flows as (
    select
        entity_type,
        entity_id,
        sum(amount) filter (where flow = 'gmv_usd') as gmv_usd,
        sum(amount) filter (where flow = 'voucher_usd') as voucher_usd,
        sum(amount) filter (where flow = 'commission_usd')
            as commission_usd,
        sum(amount) filter (where flow = 'refund_usd') as refund_usd,
        sum(amount) filter (where flow = 'slot_fee_usd') as slot_fee_usd
    from alerts.event_parties
    where is_money
    group by entity_type, entity_id
),

final as (
    select
        e.entity_type,
        e.entity_id,
        coalesce(h.held_usd, 0.0) as held_usd,
        coalesce(h.overdue_usd, 0.0) as overdue_usd,
        h.payout_days,
        coalesce(cast(f.gmv_usd as double), 0.0) / loss_days() as gmv_usd,
        case
            when o.live_session_id is not null then 0.0
            else coalesce(cast(f.gmv_usd as double), 0.0) / loss_days()
        end as gmv_ahead_usd,
        coalesce(cast(f.voucher_usd as double), 0.0) / loss_days()
            as voucher_usd,
        coalesce(cast(f.commission_usd as double), 0.0) / loss_days()
            as commission_usd,
        coalesce(cast(f.refund_usd as double), 0.0) / loss_days() as refund_usd,
        coalesce(cast(f.slot_fee_usd as double), 0.0) / loss_days()
            as slot_fee_usd
    from graph.entities as e
    left join alerts.held_money as h
        on e.entity_type = h.entity_type and e.entity_id = h.entity_id
    left join flows as f
        on e.entity_type = f.entity_type and e.entity_id = f.entity_id
    left join ended_sessions as o
        on e.entity_type = 'live_session' and e.entity_id = o.live_session_id
    where h.entity_id is not null or f.entity_id is not null
)

select * from final
