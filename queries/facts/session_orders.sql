-- Each paid order of a live room with the day each of its troubles became known.
--
-- A complaint of goods that differ counts when asked 5 to 15 days after
-- delivery: staged bargains are regretted late, wrong sizes at once. Orders that
-- name a room but came after it ended are not of the room.
--
-- grain:   order_id
-- params:  none
-- returns: order_id           varchar
--          live_session_id    varchar
--          buyer_id           varchar
--          created_at         timestamp  UTC
--          placed_on          date       UTC day it was paid: it counts from then
--          paid_usd           double     USD
--          commission_usd     double     USD promised to the host
--          is_early           integer    1 in the first 30 minutes of the room
--          is_young_account   integer    1 when the account was under 7 days old
--          is_crowded_device  integer    1 on a device of 3 accounts or more
--          cancelled_on       date
--          refund_asked_on    date
--          mature_on          date       15 days after delivery
--          late_mismatch_on   date       not as described, days 5 to 15
--          complained_on      date       not as described or counterfeit
--          disputed_on        date       the bank asked the money back
with orders as (
    select
        f.order_id,
        f.live_session_id,
        f.buyer_id,
        f.created_at,
        f.day as placed_on,
        f.paid_usd,
        f.commission_usd,
        case
            when o.created_at < l.started_at + interval 30 minute then 1
            else 0
        end as is_early,
        f.is_young_account,
        f.is_crowded_device,
        cast(o.cancelled_at as date) as cancelled_on
    from facts.order_facts as f
    inner join staging.orders as o on f.order_id = o.order_id
    inner join staging.live_sessions as l
        on f.live_session_id = l.live_session_id
    where f.live_session_id is not null and o.created_at <= l.ended_at
),

parcels as (
    select
        p.order_id,
        s.delivered_at
    from orders as p
    inner join staging.shipments as s on p.order_id = s.order_id
    where s.delivered_at is not null
),

requests as (
    select
        r.order_id,
        min(r.requested_at) as requested_at,
        min(r.requested_at) filter (
            where
            r.reason = 'not_as_described'
            and is_late_claim(r.requested_at, s.delivered_at)
        ) as mismatch_at
    from staging.refunds as r
    inner join orders as p on r.order_id = p.order_id
    left join parcels as s on r.order_id = s.order_id
    group by r.order_id
),

complaints as (
    select
        order_id,
        min(observed_at) as observed_at
    from staging.complaints
    where topic in ('not_as_described', 'counterfeit')
    group by order_id
),

disputes as (
    select
        order_id,
        min(observed_at) as observed_at
    from staging.disputes
    group by order_id
),

final as (
    select
        p.*,
        cast(r.requested_at as date) as refund_asked_on,
        cast(s.delivered_at + interval 15 day as date) as mature_on,
        cast(r.mismatch_at as date) as late_mismatch_on,
        cast(c.observed_at as date) as complained_on,
        cast(d.observed_at as date) as disputed_on
    from orders as p
    left join parcels as s on p.order_id = s.order_id
    left join requests as r on p.order_id = r.order_id
    left join complaints as c on p.order_id = c.order_id
    left join disputes as d on p.order_id = d.order_id
)

select * from final
