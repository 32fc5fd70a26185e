-- What the 30 days before the build saw of harm beyond money, event by event.
--
-- Whoever touched the event may be behind its harm; the harm is there once. A fake order
-- is one paid within a minute by somebody who never looked, or whose parcel weighed under
-- half of what was declared.
--
-- grain:   event, event_id
-- params:  none
-- returns: event            varchar  fake_order, hasty_praise, copied_review, harsh_review,
--                                    complaint, scam_call, unsent_parcel, machine_views,
--                                    takeover_order, regret or order
--          event_id         varchar  order, review, complaint, refund or live session
--          merchant_id      varchar
--          product_id       varchar
--          creator_id       varchar
--          buyer_id         varchar
--          live_session_id  varchar
--          quantity         double   1; of machine_views the views of the room
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

light_orders as (
    select distinct order_id
    from facts.delivery_facts
    where is_light = 1
),

unsent_orders as (
    select distinct order_id
    from facts.trouble_facts
    where kind in ('late_scan', 'reused_tracking', 'wrong_address')
),

taken_orders as (
    select distinct order_id
    from facts.takeover_facts
),

of_orders as (
    select
        unnest(
            list_filter(
                [
                    'order',
                    if(
                        o.is_fast_pay = 1 and o.is_unseen = 1
                        or l.order_id is not null,
                        'fake_order',
                        null
                    ),
                    if(u.order_id is not null, 'unsent_parcel', null),
                    if(k.order_id is not null, 'takeover_order', null)
                ],
                lambda one: one is not null
            )
        ) as event,
        o.order_id as event_id,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        o.buyer_id,
        o.live_session_id
    from recent_orders as o
    left join light_orders as l on o.order_id = l.order_id
    left join unsent_orders as u on o.order_id = u.order_id
    left join taken_orders as k on o.order_id = k.order_id
),

copied_reviews as (
    select distinct review_id
    from facts.review_text_facts
    where is_copied = 1
),

of_reviews as (
    select
        unnest(
            list_filter(
                [
                    if(
                        r.is_five_star = 1 and r.is_fast = 1,
                        'hasty_praise',
                        null
                    ),
                    if(c.review_id is not null, 'copied_review', null),
                    if(r.is_low_star = 1, 'harsh_review', null)
                ],
                lambda one: one is not null
            )
        ) as event,
        r.review_id as event_id,
        r.merchant_id,
        r.product_id,
        r.creator_id,
        r.buyer_id
    from facts.review_facts as r
    cross join today as t
    left join copied_reviews as c on r.review_id = c.review_id
    where within(r.day, t.as_of, loss_days())
),

complaints as (
    select
        'complaint' as event,
        c.event_id,
        c.merchant_id,
        c.product_id,
        c.buyer_id
    from facts.trouble_facts as c
    cross join today as t
    where c.kind = 'complaint' and within(c.day, t.as_of, loss_days())
),

scam_calls as (
    select
        'scam_call' as event,
        c.complaint_id as event_id,
        c.merchant_id,
        c.buyer_id
    from staging.complaints as c
    cross join today as t
    where c.topic = 'scam_call' and within(c.day, t.as_of, loss_days())
),

regrets as (
    select
        'regret' as event,
        r.refund_id as event_id,
        r.merchant_id,
        r.product_id,
        r.creator_id,
        r.buyer_id,
        o.live_session_id
    from facts.refund_facts as r
    cross join today as t
    left join facts.order_facts as o on r.order_id = o.order_id
    where r.is_low_quality = 1 and within(r.day, t.as_of, loss_days())
),

machine_rooms as (
    select
        'machine_views' as event,
        s.live_session_id as event_id,
        s.creator_id,
        s.live_session_id,
        cast(s.views as double) as quantity
    from facts.session_facts as s
    cross join today as t
    where s.machine_signs >= 3 and within(s.day, t.as_of, loss_days())
),

events as (
    select * from of_orders
    union all by name
    select * from of_reviews
    union all by name
    select * from complaints
    union all by name
    select * from scam_calls
    union all by name
    select * from regrets
    union all by name
    select * from machine_rooms
),

final as (
    select
        event,
        event_id,
        merchant_id,
        product_id,
        creator_id,
        buyer_id,
        live_session_id,
        coalesce(quantity, 1.0) as quantity
    from events
)

select * from final
