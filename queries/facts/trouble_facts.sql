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
with placed as (
    select
        order_id,
        buyer_id,
        merchant_id,
        product_id,
        device_id,
        created_at
    from staging.orders
    where not is_sample
),

shared_numbers as (
    select tracking_number
    from staging.shipments
    group by tracking_number
    having count(*) > 1
),

repeated as (
    select
        s.shipment_id,
        row_number() over (
            partition by s.tracking_number
            order by s.shipped_at asc nulls last, s.shipment_id asc nulls last
        ) as place
    from staging.shipments as s
    inner join shared_numbers as n on s.tracking_number = n.tracking_number
),

parcels as (
    select
        'late_scan' as kind,
        s.shipment_id as event_id,
        s.order_id,
        s.shipped_at + interval 72 hour as known_at,
        s.carrier as detail
    from staging.shipments as s
    where
        s.observed_at is null
        or s.observed_at >= s.shipped_at + interval 72 hour
    union all
    select
        'reused_tracking' as kind,
        s.shipment_id as event_id,
        s.order_id,
        s.shipped_at as known_at,
        s.tracking_number as detail
    from staging.shipments as s
    inner join repeated as r on s.shipment_id = r.shipment_id
    where r.place > 1
    union all
    select
        'wrong_address' as kind,
        s.shipment_id as event_id,
        s.order_id,
        s.delivered_at as known_at,
        s.carrier as detail
    from staging.shipments as s
    where not s.is_address_match and s.delivered_at is not null
),

voices as (
    select
        'complaint' as kind,
        c.complaint_id as event_id,
        c.order_id,
        c.observed_at as known_at,
        c.topic as detail
    from staging.complaints as c
    where c.topic in ('not_received', 'not_as_described', 'counterfeit')
),

reported as (
    select
        e.kind,
        e.event_id,
        e.order_id,
        o.buyer_id,
        o.merchant_id,
        o.product_id,
        e.known_at,
        e.detail
    from (
        select * from parcels
        union all
        select * from voices
    ) as e
    inner join placed as o on e.order_id = o.order_id
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

changed as (
    select
        v.product_id,
        v.valid_from,
        v.valid_until,
        v.price_usd < 0.7 * f.price_usd as is_cut,
        v.category <> f.category as is_turned,
        f.category || ' > ' || v.category as turn
    from versions as v
    inner join versions as f on v.product_id = f.product_id and f.version = 1
    where v.version > 1
),

on_changed as (
    select
        o.*,
        c.is_cut,
        c.is_turned,
        c.turn
    from placed as o
    inner join changed as c
        on
            o.product_id = c.product_id
            and o.created_at >= c.valid_from
            and (c.valid_until is null or o.created_at < c.valid_until)
    where c.is_cut or c.is_turned
),

ordered as (
    select
        'cut_price' as kind,
        order_id as event_id,
        order_id,
        buyer_id,
        merchant_id,
        product_id,
        created_at as known_at,
        'under 70 % of the first price' as detail
    from on_changed
    where is_cut
    union all
    select
        'turned' as kind,
        order_id as event_id,
        order_id,
        buyer_id,
        merchant_id,
        product_id,
        created_at as known_at,
        turn as detail
    from on_changed
    where is_turned
    union all
    select
        'own_desk' as kind,
        o.order_id as event_id,
        o.order_id,
        o.buyer_id,
        m.merchant_id,
        o.product_id,
        o.created_at as known_at,
        o.merchant_id as detail
    from placed as o
    inner join staging.merchants as m
        on o.device_id = m.device_id and o.created_at >= m.registered_at
),

everything as (
    select * from reported
    union all
    select * from ordered
),

final as (
    select
        kind,
        event_id,
        order_id,
        buyer_id,
        merchant_id,
        product_id,
        known_at,
        cast(known_at as date) as day,
        detail
    from everything
)

select * from final
