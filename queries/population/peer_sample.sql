-- Listings and buyers that stand for their peers, in the numbers to be compared.
--
-- They are many, so a sample by hash of those active is asked: the same whoever is
-- observed. Shops and creators are few and need no sample. Every number is taken as
-- in surroundings.peer_values.
--
-- grain:   entity_type, entity_id, as_of
-- params:  peers_asked           bigint   entities of a type in the sample
-- returns: entity_type         varchar  product, buyer
--          entity_id           varchar
--          as_of               date     only days before it count
--          orders_30d          double   orders placed, 30 days
--          orders_90d          double   orders placed, 90 days
--          gmv_usd_30d         double   USD paid, 30 days
--          gmv_usd_90d         double   USD paid, 90 days
--          voucher_orders_30d  double   with a voucher, 30 days
--          crowded_orders_30d  double   from devices with 3+ accounts, 30 days
--          reviews_30d         double   reviews, 30 days
--          fast_reviews_30d    double   within 48 h of delivery, 30 days
--          refunds_90d         double   refunds asked, 90 days
with active_entities as (
    select
        s.entity_type,
        s.entity_id,
        n.as_of,
        s.hash_bucket
    from population.active_spans as s
    inner join facts.snapshots as n
        on
            s.entity_type = n.entity_type
            and s.first_day < n.as_of
            and s.last_day >= n.as_of - 90
    where s.entity_type in ('product', 'buyer')
),

shares as (
    select
        entity_type,
        as_of,
        65536.0 * $peers_asked / count(*) as hash_buckets
    from active_entities
    group by entity_type, as_of
),

sample as (
    select
        a.entity_type,
        a.entity_id,
        a.as_of
    from active_entities as a
    inner join shares as s
        on a.entity_type = s.entity_type and a.as_of = s.as_of
    where a.hash_bucket < s.hash_buckets
),

events as (
    select
        entity_type,
        entity_id,
        day,
        orders,
        gmv_usd,
        voucher_orders,
        crowded_device_orders,
        0 as reviews,
        0 as fast_reviews,
        0 as refunds
    from days.order_days
    where entity_type = 'product'
    union all
    select
        entity_type,
        entity_id,
        day,
        0 as orders,
        cast(0 as decimal(18, 6)) as gmv_usd,
        0 as voucher_orders,
        0 as crowded_device_orders,
        reviews,
        fast_reviews,
        0 as refunds
    from days.review_days
    where entity_type = 'product'
    union all
    select
        entity_type,
        entity_id,
        day,
        0 as orders,
        cast(0 as decimal(18, 6)) as gmv_usd,
        0 as voucher_orders,
        0 as crowded_device_orders,
        0 as reviews,
        0 as fast_reviews,
        refunds
    from days.refund_days
    where entity_type = 'product'
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        day,
        1 as orders,
        cast(paid_usd as decimal(18, 6)) as gmv_usd,
        is_voucher as voucher_orders,
        0 as crowded_device_orders,
        0 as reviews,
        0 as fast_reviews,
        0 as refunds
    from facts.order_facts
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        day,
        0 as orders,
        cast(0 as decimal(18, 6)) as gmv_usd,
        0 as voucher_orders,
        0 as crowded_device_orders,
        0 as reviews,
        0 as fast_reviews,
        1 as refunds
    from facts.refund_facts
),

totals as (
    select
        s.entity_type,
        s.entity_id,
        s.as_of,
        sum(k.orders) filter (where k.day >= s.as_of - 30) as orders_30d,
        sum(k.orders) as orders_90d,
        sum(k.gmv_usd) filter (where k.day >= s.as_of - 30) as gmv_usd_30d,
        sum(k.gmv_usd) as gmv_usd_90d,
        sum(k.voucher_orders) filter (where k.day >= s.as_of - 30)
            as voucher_orders_30d,
        sum(k.crowded_device_orders) filter (where k.day >= s.as_of - 30)
            as crowded_orders_30d,
        sum(k.reviews) filter (where k.day >= s.as_of - 30) as reviews_30d,
        sum(k.fast_reviews) filter (where k.day >= s.as_of - 30)
            as fast_reviews_30d,
        sum(k.refunds) as refunds_90d
    from sample as s
    inner join events as k
        on
            s.entity_type = k.entity_type
            and s.entity_id = k.entity_id
            and s.as_of > k.day
            and s.as_of <= k.day + 90
    group by s.entity_type, s.entity_id, s.as_of
),

final as (
    select
        entity_type,
        entity_id,
        as_of,
        number(orders_30d) as orders_30d,
        cast(orders_90d as double) as orders_90d,
        dollars(gmv_usd_30d) as gmv_usd_30d,
        round(cast(gmv_usd_90d as double), 4) as gmv_usd_90d,
        number(voucher_orders_30d) as voucher_orders_30d,
        number(crowded_orders_30d) as crowded_orders_30d,
        number(reviews_30d) as reviews_30d,
        number(fast_reviews_30d) as fast_reviews_30d,
        cast(refunds_90d as double) as refunds_90d
    from totals
)

select * from final
