-- The few numbers in which each entity is compared with its peers, by snapshot.
--
-- Only who has a history to compare: 10 orders in 90 days, of buyers 5. Peers are
-- entities of one category, one age band and one market; buyers have no category.
-- Sellers are compared over 30 days and in refunds over 90, buyers over 90. Shops and
-- creators are their own peers; of listings and buyers a sample stands for the rest.
--
-- grain:   entity_type, entity_id, as_of, is_peer
-- params:  none
-- returns: entity_type           varchar  merchant, creator, product, buyer
--          entity_id             varchar
--          as_of                 date     only days before it count
--          is_peer               boolean  others are compared with it
--          is_subject            boolean  it is observed and compared
--          category              varchar  all for buyers
--          age_band              varchar
--          market                varchar
--          orders                double   orders placed
--          average_order_usd     double   USD per order
--          voucher_share         double   share 0..1 of orders; null for buyers
--          crowded_device_share  double   share 0..1 of orders; null for buyers
--          fast_review_share     double   share 0..1 of reviews; null for buyers
--          refund_rate           double   refunds asked per order
with counts as (
    select
        entity_type,
        entity_id,
        as_of,
        entity_type <> 'product' as is_peer,
        true as is_subject,
        orders_30d,
        orders_90d,
        gmv_usd_30d,
        gmv_usd_90d,
        voucher_orders_30d,
        crowded_device_orders_30d as crowded_orders_30d,
        reviews_30d,
        fast_reviews_30d,
        refunds_90d
    from windows.entity_windows
    where
        orders_90d >= many_orders()
        and entity_type in ('merchant', 'creator', 'product')
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        as_of,
        false as is_peer,
        true as is_subject,
        orders_30d,
        orders_90d,
        gmv_usd_30d,
        gmv_usd_90d,
        cast(null as double) as voucher_orders_30d,
        cast(null as double) as crowded_orders_30d,
        cast(null as double) as reviews_30d,
        cast(null as double) as fast_reviews_30d,
        refunds_90d
    from windows.buyer_windows
    where orders_90d >= least_orders()
    union all
    select
        entity_type,
        entity_id,
        as_of,
        true as is_peer,
        false as is_subject,
        orders_30d,
        orders_90d,
        gmv_usd_30d,
        gmv_usd_90d,
        voucher_orders_30d,
        crowded_orders_30d,
        reviews_30d,
        fast_reviews_30d,
        refunds_90d
    from population.peer_sample
    where
        orders_90d >= case entity_type
            when 'buyer' then least_orders()
            else many_orders()
        end
),

final as (
    select
        c.entity_type,
        c.entity_id,
        c.as_of,
        c.is_peer,
        c.is_subject,
        coalesce(e.category, 'all') as category,
        b.age_band,
        e.market,
        case
            when c.entity_type = 'buyer' then c.orders_90d
            else c.orders_30d
        end as orders,
        case
            when c.entity_type = 'buyer' then c.gmv_usd_90d / c.orders_90d
            else rate(c.gmv_usd_30d, c.orders_30d, least_orders())
        end as average_order_usd,
        case
            when c.entity_type <> 'buyer'
                then rate(c.voucher_orders_30d, c.orders_30d, least_orders())
        end as voucher_share,
        case
            when c.entity_type <> 'buyer'
                then rate(c.crowded_orders_30d, c.orders_30d, least_orders())
        end as crowded_device_share,
        case
            when c.entity_type <> 'buyer'
                then rate(c.fast_reviews_30d, c.reviews_30d, least_reviews())
        end as fast_review_share,
        c.refunds_90d / c.orders_90d as refund_rate
    from counts as c
    inner join graph.entities as e
        on c.entity_type = e.entity_type and c.entity_id = e.entity_id
    inner join facts.age_bands as b
        on
            age_days(e.registered_at, c.as_of) >= b.from_days
            and age_days(e.registered_at, c.as_of) < b.until_days
)

select * from final
