-- What was usual among the active peers of a group on each day.
--
-- A rate counts only the peers that had something to divide by that day. Quartiles are
-- taken column by column and only then become rows, which are a hundred times fewer.
--
-- grain:   day, entity_type, peer_group, metric
-- params:  none
-- returns: day          date
--          entity_type  varchar
--          peer_group   varchar
--          metric       varchar  a column of metrics.<entity_type>_days, or a
--                                rate of two of them
--          p25          double
--          p50          double
--          p75          double
--          entities     bigint   active that day
with merchants as (
    select
        d.*,
        e.peer_group,
        cast(d.refunds as double) / nullif(d.orders, 0) as refund_rate,
        cast(d.voucher_orders as double) / nullif(d.orders, 0) as voucher_rate,
        cast(d.crowded_device_orders as double)
        / nullif(d.orders, 0) as crowded_device_rate,
        cast(d.five_star_ratings as double)
        / nullif(d.ratings, 0) as five_star_rate,
        cast(d.late_dispatches as double)
        / nullif(d.deliveries, 0) as late_dispatch_rate,
        cast(d.light_parcels as double)
        / nullif(d.deliveries, 0) as light_parcel_rate
    from metrics.merchant_days as d
    inner join graph.entities as e
        on e.entity_type = 'merchant' and d.merchant_id = e.entity_id
),

merchant_spread as (
    select
        day,
        peer_group,
        count(orders) as orders_entities,
        quantile_cont(cast(orders as double), [0.25, 0.5, 0.75])
            as orders_quartiles,
        count(gmv_usd) as gmv_usd_entities,
        quantile_cont(cast(gmv_usd as double), [0.25, 0.5, 0.75])
            as gmv_usd_quartiles,
        count(buyers) as buyers_entities,
        quantile_cont(cast(buyers as double), [0.25, 0.5, 0.75])
            as buyers_quartiles,
        count(refunds) as refunds_entities,
        quantile_cont(cast(refunds as double), [0.25, 0.5, 0.75])
            as refunds_quartiles,
        count(voucher_orders) as voucher_orders_entities,
        quantile_cont(cast(voucher_orders as double), [0.25, 0.5, 0.75])
            as voucher_orders_quartiles,
        count(crowded_device_orders) as crowded_device_orders_entities,
        quantile_cont(cast(crowded_device_orders as double), [0.25, 0.5, 0.75])
            as crowded_device_orders_quartiles,
        count(ratings) as ratings_entities,
        quantile_cont(cast(ratings as double), [0.25, 0.5, 0.75])
            as ratings_quartiles,
        count(five_star_ratings) as five_star_ratings_entities,
        quantile_cont(cast(five_star_ratings as double), [0.25, 0.5, 0.75])
            as five_star_ratings_quartiles,
        count(late_dispatches) as late_dispatches_entities,
        quantile_cont(cast(late_dispatches as double), [0.25, 0.5, 0.75])
            as late_dispatches_quartiles,
        count(deliveries) as deliveries_entities,
        quantile_cont(cast(deliveries as double), [0.25, 0.5, 0.75])
            as deliveries_quartiles,
        count(light_parcels) as light_parcels_entities,
        quantile_cont(cast(light_parcels as double), [0.25, 0.5, 0.75])
            as light_parcels_quartiles,
        count(refund_rate) as refund_rate_entities,
        quantile_cont(cast(refund_rate as double), [0.25, 0.5, 0.75])
            as refund_rate_quartiles,
        count(voucher_rate) as voucher_rate_entities,
        quantile_cont(cast(voucher_rate as double), [0.25, 0.5, 0.75])
            as voucher_rate_quartiles,
        count(crowded_device_rate) as crowded_device_rate_entities,
        quantile_cont(cast(crowded_device_rate as double), [0.25, 0.5, 0.75])
            as crowded_device_rate_quartiles,
        count(five_star_rate) as five_star_rate_entities,
        quantile_cont(cast(five_star_rate as double), [0.25, 0.5, 0.75])
            as five_star_rate_quartiles,
        count(late_dispatch_rate) as late_dispatch_rate_entities,
        quantile_cont(cast(late_dispatch_rate as double), [0.25, 0.5, 0.75])
            as late_dispatch_rate_quartiles,
        count(light_parcel_rate) as light_parcel_rate_entities,
        quantile_cont(cast(light_parcel_rate as double), [0.25, 0.5, 0.75])
            as light_parcel_rate_quartiles
    from merchants
    group by day, peer_group
),

creators as (
    select
        d.*,
        e.peer_group,
        cast(d.refunds as double) / nullif(d.orders, 0) as refund_rate,
        cast(d.crowded_device_orders as double)
        / nullif(d.orders, 0) as crowded_device_rate,
        cast(d.orders as double)
        / nullif(d.product_clicks, 0) as click_to_order_rate
    from metrics.creator_days as d
    inner join graph.entities as e
        on e.entity_type = 'creator' and d.creator_id = e.entity_id
),

creator_spread as (
    select
        day,
        peer_group,
        count(orders) as orders_entities,
        quantile_cont(cast(orders as double), [0.25, 0.5, 0.75])
            as orders_quartiles,
        count(gmv_usd) as gmv_usd_entities,
        quantile_cont(cast(gmv_usd as double), [0.25, 0.5, 0.75])
            as gmv_usd_quartiles,
        count(buyers) as buyers_entities,
        quantile_cont(cast(buyers as double), [0.25, 0.5, 0.75])
            as buyers_quartiles,
        count(refunds) as refunds_entities,
        quantile_cont(cast(refunds as double), [0.25, 0.5, 0.75])
            as refunds_quartiles,
        count(commission_usd) as commission_usd_entities,
        quantile_cont(cast(commission_usd as double), [0.25, 0.5, 0.75])
            as commission_usd_quartiles,
        count(live_views) as live_views_entities,
        quantile_cont(cast(live_views as double), [0.25, 0.5, 0.75])
            as live_views_quartiles,
        count(product_clicks) as product_clicks_entities,
        quantile_cont(cast(product_clicks as double), [0.25, 0.5, 0.75])
            as product_clicks_quartiles,
        count(followers) as followers_entities,
        quantile_cont(cast(followers as double), [0.25, 0.5, 0.75])
            as followers_quartiles,
        count(crowded_device_orders) as crowded_device_orders_entities,
        quantile_cont(cast(crowded_device_orders as double), [0.25, 0.5, 0.75])
            as crowded_device_orders_quartiles,
        count(refund_rate) as refund_rate_entities,
        quantile_cont(cast(refund_rate as double), [0.25, 0.5, 0.75])
            as refund_rate_quartiles,
        count(crowded_device_rate) as crowded_device_rate_entities,
        quantile_cont(cast(crowded_device_rate as double), [0.25, 0.5, 0.75])
            as crowded_device_rate_quartiles,
        count(click_to_order_rate) as click_to_order_rate_entities,
        quantile_cont(cast(click_to_order_rate as double), [0.25, 0.5, 0.75])
            as click_to_order_rate_quartiles
    from creators
    group by day, peer_group
),

products as (
    select
        d.*,
        e.peer_group,
        cast(d.refunds as double) / nullif(d.orders, 0) as refund_rate,
        cast(d.five_star_ratings as double)
        / nullif(d.ratings, 0) as five_star_rate
    from metrics.product_days as d
    inner join graph.entities as e
        on e.entity_type = 'product' and d.product_id = e.entity_id
),

product_spread as (
    select
        day,
        peer_group,
        count(orders) as orders_entities,
        quantile_cont(cast(orders as double), [0.25, 0.5, 0.75])
            as orders_quartiles,
        count(gmv_usd) as gmv_usd_entities,
        quantile_cont(cast(gmv_usd as double), [0.25, 0.5, 0.75])
            as gmv_usd_quartiles,
        count(buyers) as buyers_entities,
        quantile_cont(cast(buyers as double), [0.25, 0.5, 0.75])
            as buyers_quartiles,
        count(refunds) as refunds_entities,
        quantile_cont(cast(refunds as double), [0.25, 0.5, 0.75])
            as refunds_quartiles,
        count(ratings) as ratings_entities,
        quantile_cont(cast(ratings as double), [0.25, 0.5, 0.75])
            as ratings_quartiles,
        count(five_star_ratings) as five_star_ratings_entities,
        quantile_cont(cast(five_star_ratings as double), [0.25, 0.5, 0.75])
            as five_star_ratings_quartiles,
        count(refund_rate) as refund_rate_entities,
        quantile_cont(cast(refund_rate as double), [0.25, 0.5, 0.75])
            as refund_rate_quartiles,
        count(five_star_rate) as five_star_rate_entities,
        quantile_cont(cast(five_star_rate as double), [0.25, 0.5, 0.75])
            as five_star_rate_quartiles
    from products
    group by day, peer_group
),

buyers as (
    select
        d.*,
        e.peer_group
    from metrics.buyer_days as d
    inner join graph.entities as e
        on e.entity_type = 'buyer' and d.buyer_id = e.entity_id
),

buyer_spread as (
    select
        day,
        peer_group,
        count(orders) as orders_entities,
        quantile_cont(cast(orders as double), [0.25, 0.5, 0.75])
            as orders_quartiles,
        count(spend_usd) as spend_usd_entities,
        quantile_cont(cast(spend_usd as double), [0.25, 0.5, 0.75])
            as spend_usd_quartiles,
        count(refunds) as refunds_entities,
        quantile_cont(cast(refunds as double), [0.25, 0.5, 0.75])
            as refunds_quartiles,
        count(voucher_usd) as voucher_usd_entities,
        quantile_cont(cast(voucher_usd as double), [0.25, 0.5, 0.75])
            as voucher_usd_quartiles
    from buyers
    group by day, peer_group
),

spread as (
    select
        day,
        'merchant' as entity_type,
        peer_group,
        unnest([
            {
                'metric': 'orders',
                'entities': orders_entities,
                'quartiles': orders_quartiles
            },
            {
                'metric': 'gmv_usd',
                'entities': gmv_usd_entities,
                'quartiles': gmv_usd_quartiles
            },
            {
                'metric': 'buyers',
                'entities': buyers_entities,
                'quartiles': buyers_quartiles
            },
            {
                'metric': 'refunds',
                'entities': refunds_entities,
                'quartiles': refunds_quartiles
            },
            {
                'metric': 'voucher_orders',
                'entities': voucher_orders_entities,
                'quartiles': voucher_orders_quartiles
            },
            {
                'metric': 'crowded_device_orders',
                'entities': crowded_device_orders_entities,
                'quartiles': crowded_device_orders_quartiles
            },
            {
                'metric': 'ratings',
                'entities': ratings_entities,
                'quartiles': ratings_quartiles
            },
            {
                'metric': 'five_star_ratings',
                'entities': five_star_ratings_entities,
                'quartiles': five_star_ratings_quartiles
            },
            {
                'metric': 'late_dispatches',
                'entities': late_dispatches_entities,
                'quartiles': late_dispatches_quartiles
            },
            {
                'metric': 'deliveries',
                'entities': deliveries_entities,
                'quartiles': deliveries_quartiles
            },
            {
                'metric': 'light_parcels',
                'entities': light_parcels_entities,
                'quartiles': light_parcels_quartiles
            },
            {
                'metric': 'refund_rate',
                'entities': refund_rate_entities,
                'quartiles': refund_rate_quartiles
            },
            {
                'metric': 'voucher_rate',
                'entities': voucher_rate_entities,
                'quartiles': voucher_rate_quartiles
            },
            {
                'metric': 'crowded_device_rate',
                'entities': crowded_device_rate_entities,
                'quartiles': crowded_device_rate_quartiles
            },
            {
                'metric': 'five_star_rate',
                'entities': five_star_rate_entities,
                'quartiles': five_star_rate_quartiles
            },
            {
                'metric': 'late_dispatch_rate',
                'entities': late_dispatch_rate_entities,
                'quartiles': late_dispatch_rate_quartiles
            },
            {
                'metric': 'light_parcel_rate',
                'entities': light_parcel_rate_entities,
                'quartiles': light_parcel_rate_quartiles
            }
        ]) as found
    from merchant_spread
    union all
    select
        day,
        'creator' as entity_type,
        peer_group,
        unnest([
            {
                'metric': 'orders',
                'entities': orders_entities,
                'quartiles': orders_quartiles
            },
            {
                'metric': 'gmv_usd',
                'entities': gmv_usd_entities,
                'quartiles': gmv_usd_quartiles
            },
            {
                'metric': 'buyers',
                'entities': buyers_entities,
                'quartiles': buyers_quartiles
            },
            {
                'metric': 'refunds',
                'entities': refunds_entities,
                'quartiles': refunds_quartiles
            },
            {
                'metric': 'commission_usd',
                'entities': commission_usd_entities,
                'quartiles': commission_usd_quartiles
            },
            {
                'metric': 'live_views',
                'entities': live_views_entities,
                'quartiles': live_views_quartiles
            },
            {
                'metric': 'product_clicks',
                'entities': product_clicks_entities,
                'quartiles': product_clicks_quartiles
            },
            {
                'metric': 'followers',
                'entities': followers_entities,
                'quartiles': followers_quartiles
            },
            {
                'metric': 'crowded_device_orders',
                'entities': crowded_device_orders_entities,
                'quartiles': crowded_device_orders_quartiles
            },
            {
                'metric': 'refund_rate',
                'entities': refund_rate_entities,
                'quartiles': refund_rate_quartiles
            },
            {
                'metric': 'crowded_device_rate',
                'entities': crowded_device_rate_entities,
                'quartiles': crowded_device_rate_quartiles
            },
            {
                'metric': 'click_to_order_rate',
                'entities': click_to_order_rate_entities,
                'quartiles': click_to_order_rate_quartiles
            }
        ]) as found
    from creator_spread
    union all
    select
        day,
        'product' as entity_type,
        peer_group,
        unnest([
            {
                'metric': 'orders',
                'entities': orders_entities,
                'quartiles': orders_quartiles
            },
            {
                'metric': 'gmv_usd',
                'entities': gmv_usd_entities,
                'quartiles': gmv_usd_quartiles
            },
            {
                'metric': 'buyers',
                'entities': buyers_entities,
                'quartiles': buyers_quartiles
            },
            {
                'metric': 'refunds',
                'entities': refunds_entities,
                'quartiles': refunds_quartiles
            },
            {
                'metric': 'ratings',
                'entities': ratings_entities,
                'quartiles': ratings_quartiles
            },
            {
                'metric': 'five_star_ratings',
                'entities': five_star_ratings_entities,
                'quartiles': five_star_ratings_quartiles
            },
            {
                'metric': 'refund_rate',
                'entities': refund_rate_entities,
                'quartiles': refund_rate_quartiles
            },
            {
                'metric': 'five_star_rate',
                'entities': five_star_rate_entities,
                'quartiles': five_star_rate_quartiles
            }
        ]) as found
    from product_spread
    union all
    select
        day,
        'buyer' as entity_type,
        peer_group,
        unnest([
            {
                'metric': 'orders',
                'entities': orders_entities,
                'quartiles': orders_quartiles
            },
            {
                'metric': 'spend_usd',
                'entities': spend_usd_entities,
                'quartiles': spend_usd_quartiles
            },
            {
                'metric': 'refunds',
                'entities': refunds_entities,
                'quartiles': refunds_quartiles
            },
            {
                'metric': 'voucher_usd',
                'entities': voucher_usd_entities,
                'quartiles': voucher_usd_quartiles
            }
        ]) as found
    from buyer_spread
),

final as (
    select
        day,
        entity_type,
        peer_group,
        found.metric,
        found.quartiles[1] as p25,
        found.quartiles[2] as p50,
        found.quartiles[3] as p75,
        found.entities
    from spread
    where found.entities > 0
)

select * from final
