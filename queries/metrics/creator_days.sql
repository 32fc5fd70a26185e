-- What happened to one creator on each local day.
--
-- Orders count in the shop's market, rooms in the creator's; followers as delivered.
--
-- grain:   day, creator_id
-- params:  none
-- returns: day                     date     local
--          creator_id              varchar
--          orders                  bigint   placed on the day
--          gmv_usd                 double   USD paid
--          buyers                  bigint   distinct buyers of the day
--          refunds                 bigint   requests made on the day
--          refunded_orders         bigint   of the day's orders: asked back
--                                           within refund_days
--          commission_usd          double   USD promised
--          room_orders             bigint   of the day's orders: placed in live rooms
--          live_views              bigint   room entries
--          product_clicks          bigint   in live sessions
--          followers               bigint   at the end of the day; null = untold
--          crowded_device_orders   bigint   devices with 3+ accounts
with orders as (
    select
        day,
        creator_id,
        count(*) filter (where event = 'order') as orders,
        number(sum(amount_usd) filter (where event = 'order')) as gmv_usd,
        count(distinct buyer_id) filter (where event = 'order') as buyers,
        count(*) filter (where event = 'refund') as refunds,
        cast(sum(is_refunded) as bigint) as refunded_orders,
        number(sum(commission_usd)) as commission_usd,
        cast(sum(is_crowded_device) as bigint) as crowded_device_orders,
        cast(sum(is_room_order) as bigint) as room_orders
    from metrics.order_events
    where creator_id is not null
    group by day, creator_id
),

sessions as (
    select
        local_day(s.ended_at, k.time_zone) as day,
        s.creator_id,
        sum(s.views) as live_views,
        sum(s.product_clicks) as product_clicks
    from staging.live_sessions as s
    inner join staging.creators as c on s.creator_id = c.creator_id
    inner join metrics.clocks as k on c.market = k.market
    group by local_day(s.ended_at, k.time_zone), s.creator_id
),

days as (
    select
        day,
        creator_id
    from staging.creator_days
    union
    select
        day,
        creator_id
    from orders
    union
    select
        day,
        creator_id
    from sessions
),

final as (
    select
        d.day,
        d.creator_id,
        coalesce(t.orders, 0) as orders,
        coalesce(t.gmv_usd, 0.0) as gmv_usd,
        coalesce(t.buyers, 0) as buyers,
        coalesce(t.refunds, 0) as refunds,
        coalesce(t.refunded_orders, 0) as refunded_orders,
        coalesce(t.commission_usd, 0.0) as commission_usd,
        coalesce(t.room_orders, 0) as room_orders,
        cast(coalesce(s.live_views, 0) as bigint) as live_views,
        cast(coalesce(s.product_clicks, 0) as bigint) as product_clicks,
        f.followers,
        coalesce(t.crowded_device_orders, 0) as crowded_device_orders
    from days as d
    left join orders as t on d.creator_id = t.creator_id and d.day = t.day
    left join sessions as s
        on d.creator_id = s.creator_id and d.day = s.day
    left join staging.creator_days as f
        on d.creator_id = f.creator_id and d.day = f.day
)

select * from final
-- Those of one lie together, for pages that read one.
order by creator_id asc nulls last, day asc nulls last
