-- What was usual among the active peers of a group on each day.
--
-- grain:   day, entity_type, peer_group, metric
-- params:  none
-- returns: day          date
--          entity_type  varchar
--          peer_group   varchar
--          metric       varchar  a column of metrics.<entity_type>_days
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
            'late_dispatches', 'deliveries', 'light_parcels'
        ]) as metric,
        unnest([
            cast(orders as double), gmv_usd, buyers, refunds, voucher_orders,
            crowded_device_orders, ratings, five_star_ratings,
            late_dispatches, deliveries, light_parcels
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
            'crowded_device_orders'
        ]) as metric,
        unnest([
            cast(orders as double), gmv_usd, buyers, refunds, commission_usd,
            live_views, product_clicks, followers, crowded_device_orders
        ]) as measure
    from metrics.creator_days
    union all
    select
        day,
        'product' as entity_type,
        product_id as entity_id,
        unnest([
            'orders', 'gmv_usd', 'buyers', 'refunds', 'ratings',
            'five_star_ratings'
        ]) as metric,
        unnest([
            cast(orders as double), gmv_usd, buyers, refunds, ratings,
            five_star_ratings
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
    group by m.day, m.entity_type, e.peer_group, m.metric
)

select * from spread
