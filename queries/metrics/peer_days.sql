-- What was usual among the active peers of a group on each day.
--
-- A rate counts only the peers that had something to divide by that day. Quantiles are
-- taken column by column and only then become rows, which are a hundred times fewer.
--
-- grain:   day, entity_type, peer_group, metric
-- params:  none
-- returns: day          date
--          entity_type  varchar
--          peer_group   varchar
--          metric       varchar  a column of metrics.<entity_type>_days, or a
--                                rate of two of them
--          p10          double
--          p25          double
--          p50          double
--          p75          double
--          p90          double
--          entities     bigint   active that day
with merchants as (
    select
        d.day,
        e.peer_group,
        spread(d.orders) as orders,
        spread(d.gmv_usd) as gmv_usd,
        spread(d.buyers) as buyers,
        spread(d.refunds) as refunds,
        spread(d.voucher_orders) as voucher_orders,
        spread(d.crowded_device_orders) as crowded_device_orders,
        spread(d.ratings) as ratings,
        spread(d.five_star_ratings) as five_star_ratings,
        spread(d.late_dispatches) as late_dispatches,
        spread(d.deliveries) as deliveries,
        spread(d.light_parcels) as light_parcels,
        spread(rate(d.refunded_orders, d.orders, 1)) as refund_rate,
        spread(rate(d.voucher_orders, d.orders, 1)) as voucher_rate,
        spread(rate(d.crowded_device_orders, d.orders, 1))
            as crowded_device_rate,
        spread(rate(d.five_star_ratings, d.ratings, 1)) as five_star_rate,
        spread(rate(d.late_dispatches, d.deliveries, 1)) as late_dispatch_rate,
        spread(rate(d.light_parcels, d.deliveries, 1)) as light_parcel_rate
    from metrics.merchant_days as d
    inner join graph.entities as e
        on e.entity_type = 'merchant' and d.merchant_id = e.entity_id
    group by d.day, e.peer_group
),

creators as (
    select
        d.day,
        e.peer_group,
        spread(d.orders) as orders,
        spread(d.gmv_usd) as gmv_usd,
        spread(d.buyers) as buyers,
        spread(d.refunds) as refunds,
        spread(d.commission_usd) as commission_usd,
        spread(d.live_views) as live_views,
        spread(d.product_clicks) as product_clicks,
        spread(d.followers) as followers,
        spread(d.crowded_device_orders) as crowded_device_orders,
        spread(rate(d.refunded_orders, d.orders, 1)) as refund_rate,
        spread(rate(d.crowded_device_orders, d.orders, 1))
            as crowded_device_rate,
        spread(rate(d.room_orders, d.product_clicks, 1)) as click_to_order_rate
    from metrics.creator_days as d
    inner join graph.entities as e
        on e.entity_type = 'creator' and d.creator_id = e.entity_id
    group by d.day, e.peer_group
),

products as (
    select
        d.day,
        e.peer_group,
        spread(d.orders) as orders,
        spread(d.gmv_usd) as gmv_usd,
        spread(d.buyers) as buyers,
        spread(d.refunds) as refunds,
        spread(d.ratings) as ratings,
        spread(d.five_star_ratings) as five_star_ratings,
        spread(rate(d.refunded_orders, d.orders, 1)) as refund_rate,
        spread(rate(d.five_star_ratings, d.ratings, 1)) as five_star_rate
    from metrics.product_days as d
    inner join graph.entities as e
        on e.entity_type = 'product' and d.product_id = e.entity_id
    group by d.day, e.peer_group
),

buyers as (
    select
        d.day,
        e.peer_group,
        spread(d.orders) as orders,
        spread(d.spend_usd) as spend_usd,
        spread(d.refunds) as refunds,
        spread(d.voucher_usd) as voucher_usd
    from metrics.buyer_days as d
    inner join graph.entities as e
        on e.entity_type = 'buyer' and d.buyer_id = e.entity_id
    group by d.day, e.peer_group
),

spreads as (
    select
        'merchant' as entity_type,
        day,
        peer_group,
        metric,
        spread
    from merchants
    unpivot (
        spread for metric in (
            orders, gmv_usd, buyers, refunds, voucher_orders,
            crowded_device_orders, ratings, five_star_ratings,
            late_dispatches, deliveries, light_parcels,
            refund_rate, voucher_rate, crowded_device_rate,
            five_star_rate, late_dispatch_rate, light_parcel_rate
        )
    )
    union all
    select
        'creator' as entity_type,
        day,
        peer_group,
        metric,
        spread
    from creators
    unpivot (
        spread for metric in (
            orders, gmv_usd, buyers, refunds, commission_usd,
            live_views, product_clicks, followers,
            crowded_device_orders, refund_rate,
            crowded_device_rate, click_to_order_rate
        )
    )
    union all
    select
        'product' as entity_type,
        day,
        peer_group,
        metric,
        spread
    from products
    unpivot (
        spread for metric in (
            orders, gmv_usd, buyers, refunds, ratings,
            five_star_ratings, refund_rate, five_star_rate
        )
    )
    union all
    select
        'buyer' as entity_type,
        day,
        peer_group,
        metric,
        spread
    from buyers
    unpivot (
        spread for metric in (
            orders, spend_usd, refunds, voucher_usd
        )
    )
),

final as (
    select
        day,
        entity_type,
        peer_group,
        metric,
        spread.quantiles[1] as p10,
        spread.quantiles[2] as p25,
        spread.quantiles[3] as p50,
        spread.quantiles[4] as p75,
        spread.quantiles[5] as p90,
        spread.entities
    from spreads
    where spread.entities > 0
)

select * from final
