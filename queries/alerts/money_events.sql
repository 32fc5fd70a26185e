-- Money of the 30 days before the build that a loss can come from, event by event.
--
-- Whoever touched the event may be behind its loss; the loss is there once.
--
-- grain:   flow, event_id
-- params:  none
-- returns: flow             varchar  gmv_usd, voucher_usd, commission_usd, refund_usd or slot_fee_usd
--          event_id         varchar  order, refund request or live session
--          merchant_id      varchar  null where it is the one who pays
--          product_id       varchar
--          creator_id       varchar
--          buyer_id         varchar
--          live_session_id  varchar
--          amount_usd       decimal(18,6)
with today as (
    select max(as_of) as as_of
    from facts.snapshots
),

recent_orders as (
    select o.*
    from facts.order_facts as o
    cross join today as t
    where within(o.day, t.as_of, loss_days())
),

recent_requests as (
    select
        r.refund_id,
        r.merchant_id,
        r.product_id,
        r.creator_id,
        r.buyer_id,
        r.amount_usd
    from facts.refund_facts as r
    cross join today as t
    where within(r.day, t.as_of, loss_days())
),

recent_sessions as (
    select
        s.live_session_id,
        s.creator_id,
        s.slot_fee_usd
    from staging.live_sessions as s
    cross join today as t
    where within(s.day, t.as_of, loss_days())
),

flows as (
    select
        'gmv_usd' as flow,
        order_id as event_id,
        merchant_id,
        product_id,
        creator_id,
        buyer_id,
        live_session_id,
        paid_usd as amount_usd
    from recent_orders
    union all
    select
        'voucher_usd' as flow,
        order_id as event_id,
        merchant_id,
        product_id,
        creator_id,
        buyer_id,
        live_session_id,
        voucher_usd as amount_usd
    from recent_orders
    union all
    select
        'commission_usd' as flow,
        order_id as event_id,
        merchant_id,
        product_id,
        creator_id,
        buyer_id,
        live_session_id,
        commission_usd as amount_usd
    from recent_orders
    union all
    select
        'refund_usd' as flow,
        refund_id as event_id,
        merchant_id,
        product_id,
        creator_id,
        buyer_id,
        cast(null as varchar) as live_session_id,
        amount_usd
    from recent_requests
    union all
    select
        'slot_fee_usd' as flow,
        live_session_id as event_id,
        cast(null as varchar) as merchant_id,
        cast(null as varchar) as product_id,
        creator_id,
        cast(null as varchar) as buyer_id,
        live_session_id,
        slot_fee_usd as amount_usd
    from recent_sessions
),

final as (
    select
        flow,
        event_id,
        merchant_id,
        product_id,
        creator_id,
        buyer_id,
        live_session_id,
        cast(amount_usd as decimal(18, 6)) as amount_usd
    from flows
    where amount_usd > 0.0
)

select * from final
