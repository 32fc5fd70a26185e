-- Vouchers that one buyer redeemed, order by order, newest first.
--
-- grain:   order_id
-- params:  entity_id      varchar
--          limit          bigint
-- returns: order_id       varchar
--          created_at     timestamp  UTC
--          voucher_id     varchar    null = a discount without a voucher named
--          kind           varchar
--          funded_by      varchar    platform or merchant
--          discount_usd   double     what was taken off
--          min_spend_usd  double     null = none
--          items_usd      double     what was bought
--          is_cancelled   boolean
--          is_refunded    boolean    money went back, some or all
with refunded as (
    select
        order_id,
        max(refunded_at) as refunded_at
    from staging.refunds
    group by order_id
)

select
    o.order_id,
    o.created_at,
    o.voucher_id,
    v.kind,
    v.funded_by,
    o.voucher_usd as discount_usd,
    v.min_spend_usd,
    o.items_usd,
    o.cancelled_at is not null as is_cancelled,
    coalesce(r.refunded_at is not null, false) as is_refunded
from staging.orders as o
left join staging.vouchers as v on o.voucher_id = v.voucher_id
left join refunded as r on o.order_id = r.order_id
where
    o.buyer_id = $entity_id and (o.voucher_usd > 0 or o.voucher_id is not null)
order by o.created_at desc nulls last, o.order_id asc nulls last
limit $limit
