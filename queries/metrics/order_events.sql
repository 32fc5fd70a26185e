-- What happened to each paid order, on the local day of its shop's market.
--
-- An order counts on the day it was placed; a refund request, a parcel and a review on
-- their own day. Of an order's refunds two numbers stand beside the order itself, on
-- the day it was placed: a rate of the same orders.
--
-- grain:   event, event_id
-- params:  none
-- returns: event                  varchar        order, refund, parcel, review
--          event_id               varchar
--          order_id               varchar
--          day                    date           local
--          merchant_id            varchar
--          product_id             varchar
--          creator_id             varchar
--          buyer_id               varchar
--          amount_usd             decimal(18,6)  USD paid, or asked back
--          voucher_usd            decimal(18,6)  USD of discount, of an order
--          commission_usd         decimal(18,6)  USD promised, of an order
--          is_refunded            integer        1: asked back in refund_days
--          is_not_received        integer        1: as not received, same span
--          is_voucher             integer        1 when a voucher was used
--          is_young_account       integer        1 when under 7 days old
--          is_crowded_device      integer        1 when 3 accounts or more
--          is_room_order          integer        1 when placed in a live room
--          is_late_dispatch       integer        1 of a parcel sent late
--          is_light               integer        1 of a parcel that was light
--          rating                 integer        stars of a review
with requests as (
    select
        r.order_id,
        min(r.requested_at) as requested_at,
        min(r.requested_at) filter (where r.reason = 'not_received')
            as not_received_at
    from staging.refunds as r
    group by r.order_id
),

sales as (
    select
        o.order_id,
        c.time_zone,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        o.buyer_id,
        flag(o.live_session_id is not null) as is_room_order,
        o.created_at,
        o.created_at + refund_days() * interval 1 day as mature_at
    from staging.orders as o
    inner join staging.merchants as m on o.merchant_id = m.merchant_id
    inner join metrics.clocks as c on m.market = c.market
    where not o.is_sample
),

-- What only an order has, no other event counts again.
orders as (
    select
        'order' as event,
        s.order_id as event_id,
        s.order_id,
        local_day(s.created_at, s.time_zone) as day,
        s.merchant_id,
        s.product_id,
        s.creator_id,
        s.buyer_id,
        cast(f.paid_usd as decimal(18, 6)) as amount_usd,
        coalesce(cast(f.voucher_usd as decimal(18, 6)), 0) as voucher_usd,
        coalesce(cast(f.commission_usd as decimal(18, 6)), 0) as commission_usd,
        coalesce(flag(r.requested_at < s.mature_at), 0) as is_refunded,
        coalesce(flag(r.not_received_at < s.mature_at), 0) as is_not_received,
        coalesce(f.is_voucher, 0) as is_voucher,
        coalesce(f.is_young_account, 0) as is_young_account,
        coalesce(f.is_crowded_device, 0) as is_crowded_device,
        s.is_room_order,
        0 as is_late_dispatch,
        0 as is_light,
        cast(null as integer) as rating
    from sales as s
    inner join facts.order_facts as f on s.order_id = f.order_id
    left join requests as r on s.order_id = r.order_id
),

later_events as (
    select
        'refund' as event,
        refund_id as event_id,
        order_id,
        requested_at as happened_at,
        cast(amount_usd as decimal(18, 6)) as amount_usd,
        0 as is_late_dispatch,
        0 as is_light,
        cast(null as integer) as rating
    from facts.refund_facts
    union all
    select
        'parcel' as event,
        shipment_id as event_id,
        order_id,
        delivered_at as happened_at,
        cast(0 as decimal(18, 6)) as amount_usd,
        is_late_dispatch,
        is_light,
        cast(null as integer) as rating
    from facts.delivery_facts
    union all
    select
        'review' as event,
        review_id as event_id,
        order_id,
        created_at as happened_at,
        cast(0 as decimal(18, 6)) as amount_usd,
        0 as is_late_dispatch,
        0 as is_light,
        cast(rating as integer) as rating
    from facts.review_facts
),

final as (
    select *
    from orders
    union all
    select
        e.event,
        e.event_id,
        e.order_id,
        local_day(e.happened_at, s.time_zone) as day,
        s.merchant_id,
        s.product_id,
        s.creator_id,
        s.buyer_id,
        e.amount_usd,
        cast(0 as decimal(18, 6)) as voucher_usd,
        cast(0 as decimal(18, 6)) as commission_usd,
        0 as is_refunded,
        0 as is_not_received,
        0 as is_voucher,
        0 as is_young_account,
        0 as is_crowded_device,
        0 as is_room_order,
        e.is_late_dispatch,
        e.is_light,
        e.rating
    from later_events as e
    inner join sales as s on e.order_id = s.order_id
)

select * from final
