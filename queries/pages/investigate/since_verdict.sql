-- What one subject did after a day: its orders, what came back, the first tie of its ring.
--
-- grain:   entity_type
-- params:  entity_type  varchar
--          entity_id    varchar
--          since        date     later days count
-- returns: entity_type   varchar
--          order_count   bigint
--          paid_usd      double
--          refund_count  bigint     refund requests about any order of it
--          tied_at       timestamp  first tie of its ring; null = it is in none
with later_orders as (
    select
        count(*) as order_count,
        sum(cast(paid_usd as decimal(18, 2))) as paid_usd
    from staging.orders
    where
        day > $since
        and case $entity_type
            when 'merchant' then merchant_id
            when 'creator' then creator_id
            when 'product' then product_id
            when 'buyer' then buyer_id
            when 'live_session' then live_session_id
        end = $entity_id
),

later_refunds as (
    select count(*) as refund_count
    from staging.refunds as r
    inner join staging.orders as o on r.order_id = o.order_id
    where
        r.day > $since
        and case $entity_type
            when 'merchant' then o.merchant_id
            when 'creator' then o.creator_id
            when 'product' then o.product_id
            when 'buyer' then o.buyer_id
            when 'live_session' then o.live_session_id
        end = $entity_id
),

ring as (
    select min(joined_at) as tied_at
    from rings.formation
    where entity_type = $entity_type and entity_id = $entity_id
)

select
    cast($entity_type as varchar) as entity_type,
    o.order_count,
    cast(coalesce(o.paid_usd, 0) as double) as paid_usd,
    r.refund_count,
    g.tied_at
from later_orders as o
cross join later_refunds as r
cross join ring as g
