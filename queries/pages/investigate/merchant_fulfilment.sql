-- How one shop sent what was bought, by the week of the order.
--
-- grain:   week
-- params:  entity_id  varchar
-- returns: week       date    Monday of the week, UTC
--          orders     bigint  paid ones
--          cancelled  bigint
--          shipped    bigint
--          late       bigint  marked dispatched more than 48 hours after the order
--          delivered  bigint
--          days       double  median from order to delivery; null = none
--          refunds    bigint  orders of which money was asked back
with own_orders as materialized (
    select
        order_id,
        created_at,
        cancelled_at,
        day
    from staging.orders
    where merchant_id = $entity_id
),

parcels as (
    select
        order_id,
        min(shipped_at) as shipped_at,
        max(delivered_at) as delivered_at
    from staging.shipments
    where order_id in (select order_id from own_orders)
    group by order_id
),

asked_back as (
    select distinct order_id
    from staging.refunds
    where order_id in (select order_id from own_orders)
)

select
    cast(date_trunc('week', o.day) as date) as week,
    count(*) as orders,
    count(o.cancelled_at) as cancelled,
    count(p.shipped_at) as shipped,
    count(*) filter (
        where p.shipped_at > o.created_at + interval 48 hour
    ) as late,
    count(p.delivered_at) as delivered,
    median(
        date_diff('minute', o.created_at, p.delivered_at) / 1440.0
    ) as days,
    count(r.order_id) as refunds
from own_orders as o
left join parcels as p on o.order_id = p.order_id
left join asked_back as r on o.order_id = r.order_id
group by date_trunc('week', o.day)
order by week desc nulls last
