-- What happened to one creator on each day.
--
-- grain:   day, creator_id
-- params:  none
-- returns: day                     date
--          creator_id              varchar
--          orders                  bigint
--          gmv_usd                 double   USD paid
--          buyers                  bigint   distinct buyers of the day
--          refunds                 bigint   requests
--          commission_usd          double   USD promised
--          live_views              bigint   room entries
--          product_clicks          bigint   in live sessions
--          followers               bigint   at the end of the day
--          crowded_device_orders   bigint   devices with 3+ accounts
with buyers as (
    select
        day,
        creator_id,
        count(distinct buyer_id) as buyers
    from facts.order_facts
    where creator_id is not null
    group by day, creator_id
),

sessions as (
    select
        cast(ended_at as date) as day,
        creator_id,
        sum(views) as live_views,
        sum(product_clicks) as product_clicks
    from staging.live_sessions
    group by cast(ended_at as date), creator_id
),

orders as (
    select
        entity_id as creator_id,
        day,
        orders,
        cast(gmv_usd as double) as gmv_usd,
        cast(commission_usd as double) as commission_usd,
        crowded_device_orders
    from days.order_days
    where entity_type = 'creator'
),

refunds as (
    select
        entity_id as creator_id,
        day,
        refunds
    from days.refund_days
    where entity_type = 'creator'
),

final as (
    select
        d.day,
        d.creator_id,
        cast(coalesce(t.orders, 0) as bigint) as orders,
        coalesce(t.gmv_usd, 0.0) as gmv_usd,
        coalesce(b.buyers, 0) as buyers,
        cast(coalesce(r.refunds, 0) as bigint) as refunds,
        coalesce(t.commission_usd, 0.0) as commission_usd,
        cast(coalesce(s.live_views, 0) as bigint) as live_views,
        cast(coalesce(s.product_clicks, 0) as bigint) as product_clicks,
        d.followers,
        cast(coalesce(t.crowded_device_orders, 0) as bigint)
            as crowded_device_orders
    from staging.creator_days as d
    left join orders as t on d.creator_id = t.creator_id and d.day = t.day
    left join refunds as r on d.creator_id = r.creator_id and d.day = r.day
    left join buyers as b on d.creator_id = b.creator_id and d.day = b.day
    left join sessions as s
        on d.creator_id = s.creator_id and d.day = s.day
)

select * from final
