-- Refunds that one buyer asked for, with the reasons, newest first.
--
-- grain:   refund_id
-- params:  entity_id      varchar
--          limit          bigint
-- returns: refund_id      varchar
--          requested_at   timestamp  UTC
--          order_id       varchar
--          product_id     varchar
--          product_title  varchar    as typed: hostile until escaped
--          market         varchar    of the shop
--          kind           varchar
--          reason         varchar
--          claim_text     varchar    as typed: hostile until escaped
--          amount_usd     double
--          refunded_at    timestamp  null = refused or open
--          delivered_at   timestamp  null = never, or nobody told
with own_orders as materialized (
    select
        order_id,
        product_id,
        merchant_id
    from staging.orders
    where buyer_id = $entity_id
),

delivered as (
    select
        order_id,
        max(delivered_at) as delivered_at
    from staging.shipments
    where order_id in (select order_id from own_orders)
    group by order_id
)

select
    r.refund_id,
    r.requested_at,
    r.order_id,
    o.product_id,
    p.title as product_title,
    m.market,
    r.kind,
    r.reason,
    r.claim_text,
    r.amount_usd,
    r.refunded_at,
    s.delivered_at
from staging.refunds as r
inner join own_orders as o on r.order_id = o.order_id
left join staging.products as p on o.product_id = p.product_id
left join staging.merchants as m on o.merchant_id = m.merchant_id
left join delivered as s on o.order_id = s.order_id
order by r.requested_at desc nulls last, r.refund_id asc nulls last
limit $limit
