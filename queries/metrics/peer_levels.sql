-- Where the active peers of a group stand over the last four weeks: every twentieth of them.
--
-- Of a count or a sum its mean a day, of a rate the share over all days; peers that did
-- nothing in these weeks are left out, and of a rate those with nothing to divide by. What
-- became of orders waits until they are mature, as it does in a day.
--
-- grain:   entity_type, peer_group, metric
-- params:  none
-- returns: entity_type  varchar
--          peer_group   varchar   null = all of the type
--          metric       varchar   as in metrics.peer_days
--          entities     bigint    active in these weeks
--          grid         double[]  21 values: the least, each twentieth, the most
with spans as (
    select
        market,
        max(day) as last_day,
        max(day) filter (where is_mature) as last_mature_day
    from metrics.local_days
    group by market
),

-- Days of a market by how old they are: 0 is the last one that is whole, or mature.
ages as (
    select
        d.market,
        d.day,
        s.last_day - d.day as age,
        s.last_mature_day - d.day as mature_age
    from metrics.local_days as d
    inner join spans as s on d.market = s.market
),

merchants as (
    select
        e.peer_group,
        monthly(d.orders, a.age) / 28.0 as orders,
        monthly(d.gmv_usd, a.age) / 28.0 as gmv_usd,
        monthly(d.buyers, a.age) / 28.0 as buyers,
        monthly_rate(d.refunded_orders, d.orders, a.mature_age) as refund_rate,
        monthly_rate(d.voucher_orders, d.orders, a.age)
            as voucher_rate,
        monthly_rate(d.crowded_device_orders, d.orders, a.age)
            as crowded_device_rate,
        monthly_rate(d.five_star_ratings, d.ratings, a.age) as five_star_rate,
        monthly_rate(d.late_dispatches, d.deliveries, a.age)
            as late_dispatch_rate,
        monthly_rate(d.light_parcels, d.deliveries, a.age)
            as light_parcel_rate
    from metrics.merchant_days as d
    inner join graph.entities as e
        on e.entity_type = 'merchant' and d.merchant_id = e.entity_id
    inner join ages as a on e.market = a.market and d.day = a.day
    group by d.merchant_id, e.peer_group
),

creators as (
    select
        e.peer_group,
        monthly(d.orders, a.age) / 28.0 as orders,
        monthly(d.gmv_usd, a.age) / 28.0 as gmv_usd,
        monthly(d.buyers, a.age) / 28.0 as buyers,
        monthly_rate(d.refunded_orders, d.orders, a.mature_age) as refund_rate,
        monthly(d.commission_usd, a.age) / 28.0 as commission_usd,
        monthly(d.live_views, a.age) / 28.0 as live_views,
        monthly_rate(d.room_orders, d.product_clicks, a.age)
            as click_to_order_rate,
        monthly(d.followers, a.age) / 28.0 as followers,
        monthly_rate(d.crowded_device_orders, d.orders, a.age)
            as crowded_device_rate
    from metrics.creator_days as d
    inner join graph.entities as e
        on e.entity_type = 'creator' and d.creator_id = e.entity_id
    inner join ages as a on e.market = a.market and d.day = a.day
    group by d.creator_id, e.peer_group
),

products as (
    select
        e.peer_group,
        monthly(d.orders, a.age) / 28.0 as orders,
        monthly(d.gmv_usd, a.age) / 28.0 as gmv_usd,
        monthly(d.buyers, a.age) / 28.0 as buyers,
        monthly_rate(d.refunded_orders, d.orders, a.mature_age) as refund_rate,
        monthly_rate(d.five_star_ratings, d.ratings, a.age) as five_star_rate
    from metrics.product_days as d
    inner join graph.entities as e
        on e.entity_type = 'product' and d.product_id = e.entity_id
    inner join ages as a on e.market = a.market and d.day = a.day
    group by d.product_id, e.peer_group
),

buyers as (
    select
        e.peer_group,
        monthly(d.orders, a.age) / 28.0 as orders,
        monthly(d.spend_usd, a.age) / 28.0 as spend_usd,
        monthly_rate(d.refunded_orders, d.orders, a.mature_age) as refund_rate,
        monthly(d.voucher_usd, a.age) / 28.0 as voucher_usd
    from metrics.buyer_days as d
    inner join graph.entities as e
        on e.entity_type = 'buyer' and d.buyer_id = e.entity_id
    inner join ages as a on e.market = a.market and d.day = a.day
    group by d.buyer_id, e.peer_group
),

levels as (
    select
        'merchant' as entity_type,
        peer_group,
        metric,
        level
    from merchants
    unpivot (
        level for metric in (
            orders, gmv_usd, buyers, refund_rate, voucher_rate,
            crowded_device_rate, five_star_rate, late_dispatch_rate,
            light_parcel_rate
        )
    )
    union all
    select
        'creator' as entity_type,
        peer_group,
        metric,
        level
    from creators
    unpivot (
        level for metric in (
            orders, gmv_usd, buyers, refund_rate, commission_usd,
            live_views, click_to_order_rate, followers,
            crowded_device_rate
        )
    )
    union all
    select
        'product' as entity_type,
        peer_group,
        metric,
        level
    from products
    unpivot (
        level for metric in (
            orders, gmv_usd, buyers, refund_rate, five_star_rate
        )
    )
    union all
    select
        'buyer' as entity_type,
        peer_group,
        metric,
        level
    from buyers
    unpivot (
        level for metric in (
            orders, spend_usd, refund_rate, voucher_usd
        )
    )
),

final as (
    select
        entity_type,
        peer_group,
        metric,
        count(*) as entities,
        quantile_cont(
            level,
            [
                0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5,
                0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0
            ]
        ) as grid
    from levels
    group by grouping sets (
        (entity_type, peer_group, metric), (entity_type, metric)
    )
)

select * from final
