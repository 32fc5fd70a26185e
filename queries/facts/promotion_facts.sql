-- What became known, and when, of the orders that a creator promoted.
--
-- In which part of a room an order came is known once the room has ended; orders that
-- name a room but came after its end are not of it.
--
-- grain:   event, event_id
-- params:  none
-- returns: event       varchar    live_order, room_order, early_order, cancellation,
--                                 late_mismatch, complaint, payout, paid_refund
--          event_id    varchar    of the order, refund, complaint or commission
--          order_id    varchar
--          creator_id  varchar
--          buyer_id    varchar
--          event_at    timestamp  UTC, when it was known
--          day         date       UTC day of event_at
with promoted_orders as (
    select
        o.order_id,
        o.creator_id,
        o.buyer_id,
        o.counted_at,
        o.cancelled_at,
        o.channel,
        s.live_session_id as room_id,
        o.created_at < s.started_at + interval 30 minute as is_early,
        greatest(o.counted_at, s.ended_at) as room_known_at
    from staging.orders as o
    left join staging.live_sessions as s
        on
            o.live_session_id = s.live_session_id
            and o.created_at <= s.ended_at
    where o.creator_id is not null and not o.is_sample
),

claims as (
    select
        r.refund_id,
        r.order_id,
        p.creator_id,
        p.buyer_id,
        p.channel,
        r.requested_at,
        r.reason,
        d.delivered_at,
        c.paid_at
    from staging.refunds as r
    inner join promoted_orders as p on r.order_id = p.order_id
    left join staging.shipments as d on r.order_id = d.order_id
    left join staging.commissions as c on r.order_id = c.order_id
),

events as (
    select
        'live_order' as event,
        order_id as event_id,
        order_id,
        creator_id,
        buyer_id,
        counted_at as event_at
    from promoted_orders
    where channel = 'live'
    union all
    select
        'room_order' as event,
        order_id as event_id,
        order_id,
        creator_id,
        buyer_id,
        room_known_at as event_at
    from promoted_orders
    where channel = 'live' and room_id is not null
    union all
    select
        'early_order' as event,
        order_id as event_id,
        order_id,
        creator_id,
        buyer_id,
        room_known_at as event_at
    from promoted_orders
    where channel = 'live' and is_early
    union all
    select
        'cancellation' as event,
        order_id as event_id,
        order_id,
        creator_id,
        buyer_id,
        cancelled_at as event_at
    from promoted_orders
    where cancelled_at is not null
    union all
    select
        'late_mismatch' as event,
        refund_id as event_id,
        order_id,
        creator_id,
        buyer_id,
        requested_at as event_at
    from claims
    where
        channel = 'live'
        and reason = 'not_as_described'
        and is_late_claim(requested_at, delivered_at)
    union all
    select
        'paid_refund' as event,
        refund_id as event_id,
        order_id,
        creator_id,
        buyer_id,
        requested_at as event_at
    from claims
    where requested_at >= paid_at
    union all
    select
        'payout' as event,
        c.commission_id as event_id,
        c.order_id,
        p.creator_id,
        p.buyer_id,
        c.paid_at as event_at
    from staging.commissions as c
    inner join promoted_orders as p on c.order_id = p.order_id
    where c.paid_at is not null
    union all
    select
        'complaint' as event,
        c.complaint_id as event_id,
        c.order_id,
        p.creator_id,
        p.buyer_id,
        c.observed_at as event_at
    from staging.complaints as c
    inner join promoted_orders as p on c.order_id = p.order_id
    where c.topic in ('not_as_described', 'counterfeit')
),

final as (
    select
        *,
        cast(event_at as date) as day
    from events
)

select * from final
