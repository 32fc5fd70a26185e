-- What the other listings of a listing's shop sold and to whom, by snapshot.
--
-- The rest of the shop is the shop less the listing, which needs nothing summed up
-- again. Their buyers are the second hop. What other listings of the shop were
-- convicted of is left out: one verdict on a shop brings several of its listings to
-- judgement, so a model leans on it (area on judged listings 0.42 with it and 0.37
-- without) and overlooks the rest (on all of them 0.59 and 0.66). How their prices
-- are spread and which is dearest cost a hundredth as well.
--
-- grain:   product_id, as_of
-- params:  none
-- returns: product_id      varchar
--          as_of           date
--          orders_log_30d  double   ln(1 + orders of the others)
--          device_log_30d  double   mean ln(accounts on a buyer's device) of the
--                                   others; null below 5 orders
with rest as (
    select
        o.entity_id as product_id,
        o.as_of,
        m.orders_30d - o.orders_30d as orders_30d,
        greatest(
            k.device_log_30d * m.orders_30d
            - coalesce(c.device_log_30d, 0.0) * o.orders_30d,
            0.0
        ) as device_log
    from windows.entity_windows as o
    inner join staging.products as p on o.entity_id = p.product_id
    inner join windows.entity_windows as m
        on
            m.entity_type = 'merchant'
            and p.merchant_id = m.entity_id
            and o.as_of = m.as_of
    left join windows.buyer_mix as k
        on
            k.entity_type = 'merchant'
            and p.merchant_id = k.entity_id
            and o.as_of = k.as_of
    left join windows.buyer_mix as c
        on
            c.entity_type = 'product'
            and o.entity_id = c.entity_id
            and o.as_of = c.as_of
    where o.entity_type = 'product'
),

final as (
    select
        product_id,
        as_of,
        ln(1.0 + orders_30d) as orders_log_30d,
        rate(device_log, orders_30d, least_orders()) as device_log_30d
    from rest
)

select * from final
