-- What was ordered and asked back of one entity on each day of a window.
--
-- grain:   day
-- params:  entity_type  varchar  merchant, creator or product
--          entity_id    varchar
--          as_of        date     what was known before this day
--          days         bigint   length of the window
-- returns: day                    date
--          age                    bigint   days before as_of
--          is_earlier             integer  1 before the last week, from its start on
--          orders                 bigint   orders placed
--          gmv_usd                double   USD paid
--          refunds                bigint   refunds asked
--          voucher_orders         bigint   with a voucher
--          crowded_device_orders  bigint   from devices with 3+ accounts
with ages as (
    select unnest(range(1, $days + 1)) as age
),

calendar as (
    select
        age,
        cast($as_of as date) - cast(age as integer) as day
    from ages
),

activity as (
    select
        c.day,
        c.age,
        coalesce(o.orders, 0) as orders,
        coalesce(cast(o.gmv_usd as double), 0.0) as gmv_usd,
        coalesce(r.refunds, 0) as refunds,
        coalesce(o.voucher_orders, 0) as voucher_orders,
        coalesce(o.crowded_device_orders, 0) as crowded_device_orders
    from calendar as c
    left join days.order_days as o
        on
            o.entity_type = $entity_type
            and o.entity_id = $entity_id
            and c.day = o.day
    left join days.refund_days as r
        on
            r.entity_type = $entity_type
            and r.entity_id = $entity_id
            and c.day = r.day
),

first_activity as (
    select max(age) as age
    from activity
    where orders + refunds > 0
),

final as (
    select
        k.day,
        k.age,
        case when k.age > 7 and k.age <= b.age then 1 else 0 end as is_earlier,
        cast(k.orders as bigint) as orders,
        k.gmv_usd,
        cast(k.refunds as bigint) as refunds,
        cast(k.voucher_orders as bigint) as voucher_orders,
        cast(k.crowded_device_orders as bigint) as crowded_device_orders
    from activity as k
    cross join first_activity as b
)

select * from final
order by day desc nulls last
