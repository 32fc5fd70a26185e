-- One page of an entity's orders, paid or not, with how each ended, newest first.
--
-- grain:   order_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          limit        bigint
--          offset       bigint
-- returns: order_id       varchar
--          created_at     timestamp
--          buyer_id       varchar
--          buyer_name     varchar    as typed: hostile until escaped
--          merchant_id    varchar
--          merchant_name  varchar    as typed: hostile until escaped
--          product_id     varchar
--          product_title  varchar    as typed: hostile until escaped
--          channel        varchar
--          items_usd      double
--          voucher_usd    double
--          paid_usd       double
--          outcome        varchar    cancelled | refunded | refund asked |
--                                    delivered | shipped | paid | not paid
--          refund_reason  varchar
--          refund_usd     double
--          rating         bigint     stars
--          device_id      varchar    masked
--          address_id     varchar    masked
--          payment_token_id   varchar  masked card
--          is_billing_match   boolean  billed to the delivery address
--          total_count    bigint     rows in all, paid or not, before limit
with orders as (
    select
        order_id,
        created_at,
        cancelled_at,
        buyer_id,
        merchant_id,
        creator_id,
        product_id,
        live_session_id,
        channel,
        items_usd,
        voucher_usd,
        paid_usd,
        device_id,
        address_id,
        payment_token_id,
        is_billing_match,
        true as is_paid
    from staging.orders
    union all
    select
        order_id,
        created_at,
        cancelled_at,
        buyer_id,
        merchant_id,
        creator_id,
        product_id,
        live_session_id,
        channel,
        items_usd,
        0.0 as voucher_usd,
        0.0 as paid_usd,
        device_id,
        address_id,
        payment_token_id,
        null as is_billing_match,
        false as is_paid
    from staging.unpaid_orders
),

page as (
    select
        *,
        count(*) over () as total_count
    from orders
    where
        case $entity_type
            when 'merchant' then merchant_id
            when 'creator' then creator_id
            when 'product' then product_id
            when 'buyer' then buyer_id
            when 'live_session' then live_session_id
        end = $entity_id
    order by created_at desc nulls last, order_id asc nulls last
    limit $limit offset $offset
),

refund_requests as (
    select
        order_id,
        max(reason) as reason,
        max(refunded_at) as refunded_at,
        sum(amount_usd) as amount_usd
    from staging.refunds
    where order_id in (select p.order_id from page as p)
    group by order_id
),

parcels as (
    select
        order_id,
        max(shipped_at) as shipped_at,
        max(delivered_at) as delivered_at
    from staging.shipments
    where order_id in (select p.order_id from page as p)
    group by order_id
),

ratings as (
    select
        order_id,
        max(rating) as rating
    from staging.reviews
    where order_id in (select p.order_id from page as p)
    group by order_id
)

select
    o.order_id,
    cast(o.created_at as timestamp) as created_at,
    o.buyer_id,
    b.name as buyer_name,
    o.merchant_id,
    m.name as merchant_name,
    o.product_id,
    p.title as product_title,
    o.channel,
    cast(o.items_usd as double) as items_usd,
    cast(o.voucher_usd as double) as voucher_usd,
    cast(o.paid_usd as double) as paid_usd,
    case
        when not o.is_paid then 'not paid'
        when o.cancelled_at is not null then 'cancelled'
        when r.refunded_at is not null then 'refunded'
        when r.order_id is not null then 'refund asked'
        when s.delivered_at is not null then 'delivered'
        when s.shipped_at is not null then 'shipped'
        else 'paid'
    end as outcome,
    r.reason as refund_reason,
    cast(r.amount_usd as double) as refund_usd,
    cast(v.rating as bigint) as rating,
    o.device_id,
    o.address_id,
    o.payment_token_id,
    o.is_billing_match,
    cast(o.total_count as bigint) as total_count
from page as o
left join staging.buyers as b on o.buyer_id = b.buyer_id
left join staging.merchants as m on o.merchant_id = m.merchant_id
left join staging.products as p on o.product_id = p.product_id
left join refund_requests as r on o.order_id = r.order_id
left join parcels as s on o.order_id = s.order_id
left join ratings as v on o.order_id = v.order_id
order by o.created_at desc nulls last, o.order_id asc nulls last
