-- What was usual among the active peers of a group on each day.
--
-- A rate counts only the peers that had something to divide by that day.
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
with measured as (
    select
        day,
        'merchant' as entity_type,
        merchant_id as entity_id,
        unnest([
            'orders', 'gmv_usd', 'buyers', 'refunds', 'voucher_orders',
            'crowded_device_orders', 'ratings', 'five_star_ratings',
            'late_dispatches', 'deliveries', 'light_parcels',
            'refund_rate', 'voucher_rate', 'crowded_device_rate',
            'five_star_rate', 'late_dispatch_rate', 'light_parcel_rate'
        ]) as metric,
        unnest([
            cast(orders as double), gmv_usd, buyers, refunds, voucher_orders,
            crowded_device_orders, ratings, five_star_ratings,
            late_dispatches, deliveries, light_parcels,
            cast(refunds as double) / nullif(orders, 0),
            cast(voucher_orders as double) / nullif(orders, 0),
            cast(crowded_device_orders as double) / nullif(orders, 0),
            cast(five_star_ratings as double) / nullif(ratings, 0),
            cast(late_dispatches as double) / nullif(deliveries, 0),
            cast(light_parcels as double) / nullif(deliveries, 0)
        ]) as measure
    from metrics.merchant_days
    union all
    select
        day,
        'creator' as entity_type,
        creator_id as entity_id,
        unnest([
            'orders', 'gmv_usd', 'buyers', 'refunds', 'commission_usd',
            'live_views', 'product_clicks', 'followers',
            'crowded_device_orders', 'refund_rate', 'crowded_device_rate',
            'click_to_order_rate'
        ]) as metric,
        unnest([
            cast(orders as double), gmv_usd, buyers, refunds, commission_usd,
            live_views, product_clicks, followers, crowded_device_orders,
            cast(refunds as double) / nullif(orders, 0),
            cast(crowded_device_orders as double) / nullif(orders, 0),
            cast(orders as double) / nullif(product_clicks, 0)
        ]) as measure
    from metrics.creator_days
    union all
    select
        day,
        'product' as entity_type,
        product_id as entity_id,
        unnest([
            'orders', 'gmv_usd', 'buyers', 'refunds', 'ratings',
            'five_star_ratings', 'refund_rate', 'five_star_rate'
        ]) as metric,
        unnest([
            cast(orders as double), gmv_usd, buyers, refunds, ratings,
            five_star_ratings, cast(refunds as double) / nullif(orders, 0),
            cast(five_star_ratings as double) / nullif(ratings, 0)
        ]) as measure
    from metrics.product_days
    union all
    select
        day,
        'buyer' as entity_type,
        buyer_id as entity_id,
        unnest(['orders', 'spend_usd', 'refunds', 'voucher_usd']) as metric,
        unnest([cast(orders as double), spend_usd, refunds, voucher_usd])
            as measure
    from metrics.buyer_days
),

spread as (
    select
        m.day,
        m.entity_type,
        e.peer_group,
        m.metric,
        quantile_cont(m.measure, 0.25) as p25,
        quantile_cont(m.measure, 0.5) as p50,
        quantile_cont(m.measure, 0.75) as p75,
        count(*) as entities
    from measured as m
    inner join graph.entities as e
        on m.entity_type = e.entity_type and m.entity_id = e.entity_id
    where m.measure is not null
    group by m.day, m.entity_type, e.peer_group, m.metric
)

select * from spread
