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
        e.peer_group,
        unnest([
            { 'metric': 'orders', 'measure': cast(orders as double) },
            { 'metric': 'gmv_usd', 'measure': cast(gmv_usd as double) },
            { 'metric': 'buyers', 'measure': cast(buyers as double) },
            { 'metric': 'refunds', 'measure': cast(refunds as double) },
            {
                'metric': 'voucher_orders',
                'measure': cast(voucher_orders as double)
            },
            {
                'metric': 'crowded_device_orders',
                'measure': cast(crowded_device_orders as double)
            },
            { 'metric': 'ratings', 'measure': cast(ratings as double) },
            {
                'metric': 'five_star_ratings',
                'measure': cast(five_star_ratings as double)
            },
            {
                'metric': 'late_dispatches',
                'measure': cast(late_dispatches as double)
            },
            { 'metric': 'deliveries', 'measure': cast(deliveries as double) },
            {
                'metric': 'light_parcels',
                'measure': cast(light_parcels as double)
            },
            {
                'metric': 'refund_rate',
                'measure': cast(refunds as double) / nullif(orders, 0)
            },
            {
                'metric': 'voucher_rate',
                'measure': cast(voucher_orders as double) / nullif(orders, 0)
            },
            {
                'metric': 'crowded_device_rate',
                'measure': cast(crowded_device_orders as double)
                / nullif(orders, 0)
            },
            {
                'metric': 'five_star_rate',
                'measure': cast(five_star_ratings as double)
                / nullif(ratings, 0)
            },
            {
                'metric': 'late_dispatch_rate',
                'measure': cast(late_dispatches as double)
                / nullif(deliveries, 0)
            },
            {
                'metric': 'light_parcel_rate',
                'measure': cast(light_parcels as double) / nullif(deliveries, 0)
            }
        ]) as found
    from metrics.merchant_days as d
    inner join graph.entities as e
        on e.entity_type = 'merchant' and d.merchant_id = e.entity_id
    union all
    select
        day,
        'creator' as entity_type,
        e.peer_group,
        unnest([
            { 'metric': 'orders', 'measure': cast(orders as double) },
            { 'metric': 'gmv_usd', 'measure': cast(gmv_usd as double) },
            { 'metric': 'buyers', 'measure': cast(buyers as double) },
            { 'metric': 'refunds', 'measure': cast(refunds as double) },
            {
                'metric': 'commission_usd',
                'measure': cast(commission_usd as double)
            },
            { 'metric': 'live_views', 'measure': cast(live_views as double) },
            {
                'metric': 'product_clicks',
                'measure': cast(product_clicks as double)
            },
            { 'metric': 'followers', 'measure': cast(followers as double) },
            {
                'metric': 'crowded_device_orders',
                'measure': cast(crowded_device_orders as double)
            },
            {
                'metric': 'refund_rate',
                'measure': cast(refunds as double) / nullif(orders, 0)
            },
            {
                'metric': 'crowded_device_rate',
                'measure': cast(crowded_device_orders as double)
                / nullif(orders, 0)
            },
            {
                'metric': 'click_to_order_rate',
                'measure': cast(orders as double) / nullif(product_clicks, 0)
            }
        ]) as found
    from metrics.creator_days as d
    inner join graph.entities as e
        on e.entity_type = 'creator' and d.creator_id = e.entity_id
    union all
    select
        day,
        'product' as entity_type,
        e.peer_group,
        unnest([
            { 'metric': 'orders', 'measure': cast(orders as double) },
            { 'metric': 'gmv_usd', 'measure': cast(gmv_usd as double) },
            { 'metric': 'buyers', 'measure': cast(buyers as double) },
            { 'metric': 'refunds', 'measure': cast(refunds as double) },
            { 'metric': 'ratings', 'measure': cast(ratings as double) },
            {
                'metric': 'five_star_ratings',
                'measure': cast(five_star_ratings as double)
            },
            {
                'metric': 'refund_rate',
                'measure': cast(refunds as double) / nullif(orders, 0)
            },
            {
                'metric': 'five_star_rate',
                'measure': cast(five_star_ratings as double)
                / nullif(ratings, 0)
            }
        ]) as found
    from metrics.product_days as d
    inner join graph.entities as e
        on e.entity_type = 'product' and d.product_id = e.entity_id
    union all
    select
        day,
        'buyer' as entity_type,
        e.peer_group,
        unnest([
            { 'metric': 'orders', 'measure': cast(orders as double) },
            { 'metric': 'spend_usd', 'measure': cast(spend_usd as double) },
            { 'metric': 'refunds', 'measure': cast(refunds as double) },
            { 'metric': 'voucher_usd', 'measure': cast(voucher_usd as double) }
        ]) as found
    from metrics.buyer_days as d
    inner join graph.entities as e
        on e.entity_type = 'buyer' and d.buyer_id = e.entity_id
),

spread as (
    select
        day,
        entity_type,
        peer_group,
        found.metric,
        quantile_cont(found.measure, [0.25, 0.5, 0.75]) as quartiles,
        count(*) as entities
    from measured
    where found.measure is not null
    group by day, entity_type, peer_group, found.metric
),

described as (
    select
        day,
        entity_type,
        peer_group,
        metric,
        quartiles[1] as p25,
        quartiles[2] as p50,
        quartiles[3] as p75,
        entities
    from spread
)

select * from described
