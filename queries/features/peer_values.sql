-- The few numbers in which each entity is compared with its peers, by snapshot.
--
-- Only who has a history to compare: 10 orders in 90 days, of buyers 5. Peers are
-- entities of one category, one age band and one market; buyers have no category.
-- Sellers are compared over 30 days and in refunds over 90, buyers over 90.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type           varchar  merchant, creator, product, buyer
--          entity_id             varchar
--          as_of                 date     only days before it count
--          is_sampled            boolean  who stands for its peers
--          category              varchar  all for buyers
--          age_band              varchar
--          market                varchar
--          orders                double   orders placed
--          average_order_usd     double   USD per order
--          voucher_share         double   share 0..1 of orders; null for buyers
--          crowded_device_share  double   share 0..1 of orders; null for buyers
--          fast_review_share     double   share 0..1 of reviews; null for buyers
--          refund_rate           double   refunds asked per order
with sellers as (
    select
        entity_type,
        entity_id,
        as_of,
        orders_30d as orders,
        case when orders_30d >= 5.0 then gmv_usd_30d / orders_30d end
            as average_order_usd,
        case when orders_30d >= 5.0 then voucher_orders_30d / orders_30d end
            as voucher_share,
        case
            when orders_30d >= 5.0 then crowded_device_orders_30d / orders_30d
        end as crowded_device_share,
        case when reviews_30d >= 3.0 then fast_reviews_30d / reviews_30d end
            as fast_review_share,
        refunds_90d / orders_90d as refund_rate
    from features.entity_windows
    where orders_90d >= 10.0
),

buyers as (
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        as_of,
        orders_90d as orders,
        gmv_usd_90d / orders_90d as average_order_usd,
        cast(null as double) as voucher_share,
        cast(null as double) as crowded_device_share,
        cast(null as double) as fast_review_share,
        refunds_90d / orders_90d as refund_rate
    from features.buyer_windows
    where orders_90d >= 5.0
),

compared as (
    select * from sellers
    union all
    select * from buyers
),

described as (
    select
        c.entity_type,
        c.entity_id,
        c.as_of,
        d.is_sampled,
        coalesce(e.category, 'all') as category,
        b.age_band,
        e.market,
        c.orders,
        c.average_order_usd,
        c.voucher_share,
        c.crowded_device_share,
        c.fast_review_share,
        c.refund_rate
    from compared as c
    inner join features.described as d
        on
            c.entity_type = d.entity_type
            and c.entity_id = d.entity_id
            and c.as_of = d.as_of
    inner join graph.entities as e
        on c.entity_type = e.entity_type and c.entity_id = e.entity_id
    inner join features.age_bands as b
        on
            date_diff('day', e.registered_at, cast(c.as_of as timestamp))
            >= b.from_days
            and date_diff('day', e.registered_at, cast(c.as_of as timestamp))
            < b.until_days
)

select * from described
