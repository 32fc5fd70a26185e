-- Orders of one buyer in a window with what their shops were like in 30 days.
--
-- grain:   order_id
-- params:  entity_id                 varchar    the buyer
--          as_of                     date       what was known before this day
--          days                      bigint     length of the window
-- returns: order_id                  varchar
--          created_at                timestamp  UTC
--          merchant_id               varchar
--          name                      varchar    as typed
--          device_accounts           bigint     accounts on the order's device so far
--          shop_orders               bigint     orders at the shop, 30 days
--          shop_accounts_per_device  double     accounts on a typical one of their devices
--          shop_deliveries           bigint     parcels of the shop, 30 days
--          shop_light_parcels        bigint     of these, under half the weight
with own_orders as (
    select
        order_id,
        created_at,
        merchant_id,
        device_accounts
    from facts.order_facts
    where
        buyer_id = $entity_id
        and within(day, $as_of, $days)
),

merchants as (
    select distinct merchant_id from own_orders
),

merchant_orders as (
    select
        f.merchant_id,
        count(*) as orders,
        cast(
            sum(cast(ln(f.device_accounts) as decimal(12, 6))) as double
        ) / count(*) as device_log
    from facts.order_facts as f
    inner join merchants as v on f.merchant_id = v.merchant_id
    where within(f.day, $as_of, 30)
    group by f.merchant_id
),

merchant_parcels as (
    select
        f.merchant_id,
        count(*) as deliveries,
        cast(sum(f.is_light) as bigint) as light_parcels
    from facts.delivery_facts as f
    inner join merchants as v on f.merchant_id = v.merchant_id
    where within(f.day, $as_of, 30)
    group by f.merchant_id
),

final as (
    select
        o.order_id,
        o.created_at,
        o.merchant_id,
        m.name,
        o.device_accounts,
        coalesce(s.orders, 0) as shop_orders,
        exp(cast(cast(s.device_log as decimal(9, 6)) as double))
            as shop_accounts_per_device,
        coalesce(p.deliveries, 0) as shop_deliveries,
        coalesce(p.light_parcels, 0) as shop_light_parcels
    from own_orders as o
    inner join staging.merchants as m on o.merchant_id = m.merchant_id
    left join merchant_orders as s on o.merchant_id = s.merchant_id
    left join merchant_parcels as p on o.merchant_id = p.merchant_id
)

select * from final
order by
    shop_accounts_per_device desc nulls last,
    created_at desc nulls last,
    order_id desc
