-- Each thing that stood out about an order of a shop, on the day it was known.
--
-- A parcel is late to its first scan when 72 hours after the dispatch mark nothing
-- of it had reached us, which is known when the time is up and not before. An order
-- counts as cut in price or turned against the listing's own first version. The shop
-- of an own-desk order is the one whose back-office device placed it, wherever that
-- was.
--
-- grain:   kind, event_id, merchant_id
-- params:  none
-- returns: kind         varchar    late_scan, reused_tracking, wrong_address, complaint, cut_price, turned or own_desk
--          event_id     varchar    parcel, complaint or order
--          order_id     varchar
--          buyer_id     varchar
--          merchant_id  varchar
--          product_id   varchar
--          known_at     timestamp  UTC
--          day          date       UTC day of known_at
--          detail       varchar    carrier, number, topic or what changed
with orders as (
    select
        order_id,
        buyer_id,
        merchant_id,
        product_id,
        device_id,
        created_at,
        counted_at
    from staging.orders
    where not is_sample
),

repeated_numbers as (
    select tracking_number
    from staging.shipments
    group by tracking_number
    having count(*) > 1
),

number_uses as (
    select
        s.shipment_id,
        row_number() over (
            partition by s.tracking_number
            order by s.shipped_at asc nulls last, s.shipment_id asc nulls last
        ) as place
    from staging.shipments as s
    inner join repeated_numbers as n on s.tracking_number = n.tracking_number
),

versions as (
    select
        product_id,
        version,
        valid_from,
        category,
        price_usd,
        lead(valid_from) over (
            partition by product_id
            order by version asc nulls last
        ) as valid_until
    from staging.listing_versions
),

changed_orders as (
    select
        o.order_id,
        o.counted_at,
        v.price_usd < 0.7 * f.price_usd as is_cut,
        v.category <> f.category as is_turned,
        f.category || ' > ' || v.category as categories
    from versions as v
    inner join versions as f on v.product_id = f.product_id and f.version = 1
    inner join orders as o
        on
            v.product_id = o.product_id
            and v.valid_from <= o.created_at
            and (v.valid_until is null or v.valid_until > o.created_at)
    where v.version > 1
),

troubles as (
    select
        'late_scan' as kind,
        shipment_id as event_id,
        order_id,
        cast(null as varchar) as merchant_id,
        shipped_at + interval 72 hour as known_at,
        carrier as detail
    from staging.shipments
    where
        observed_at is null
        or observed_at >= shipped_at + interval 72 hour
    union all
    select
        'reused_tracking' as kind,
        s.shipment_id as event_id,
        s.order_id,
        cast(null as varchar) as merchant_id,
        s.shipped_at as known_at,
        s.tracking_number as detail
    from staging.shipments as s
    inner join number_uses as u on s.shipment_id = u.shipment_id
    where u.place > 1
    union all
    select
        'wrong_address' as kind,
        shipment_id as event_id,
        order_id,
        cast(null as varchar) as merchant_id,
        delivered_at as known_at,
        carrier as detail
    from staging.shipments
    where not is_address_match and delivered_at is not null
    union all
    select
        'complaint' as kind,
        complaint_id as event_id,
        order_id,
        cast(null as varchar) as merchant_id,
        observed_at as known_at,
        topic as detail
    from staging.complaints
    where topic in ('not_received', 'not_as_described', 'counterfeit')
    union all
    select
        'cut_price' as kind,
        order_id as event_id,
        order_id,
        cast(null as varchar) as merchant_id,
        counted_at as known_at,
        'under 70 % of the first price' as detail
    from changed_orders
    where is_cut
    union all
    select
        'turned' as kind,
        order_id as event_id,
        order_id,
        cast(null as varchar) as merchant_id,
        counted_at as known_at,
        categories as detail
    from changed_orders
    where is_turned
    union all
    select
        'own_desk' as kind,
        o.order_id as event_id,
        o.order_id,
        m.merchant_id,
        o.counted_at as known_at,
        o.merchant_id as detail
    from orders as o
    inner join staging.merchants as m
        on o.device_id = m.device_id and o.created_at >= m.registered_at
),

final as (
    select
        t.kind,
        t.event_id,
        t.order_id,
        o.buyer_id,
        coalesce(t.merchant_id, o.merchant_id) as merchant_id,
        o.product_id,
        t.known_at,
        cast(t.known_at as date) as day,
        t.detail
    from troubles as t
    inner join orders as o on t.order_id = o.order_id
)

select * from final
