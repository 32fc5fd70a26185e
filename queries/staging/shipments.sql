-- One row per parcel; one parcel per shipped order.
--
-- grain:   shipment_id
-- params:  none
-- returns: shipment_id    varchar    shp_...
--          order_id       varchar    -> orders.order_id
--          carrier        varchar
--          shipped_at     timestamp  seller marked it dispatched
--          first_scan_at  timestamp  carrier first saw it
--          delivered_at   timestamp
--          weight_grams   double     as weighed by the carrier at first scan
--          scan_count     bigint     carrier scans until delivery
--          day            date       UTC day of shipped_at
with source as (
    select * from raw.shipments
),

renamed as (
    select
        cast(shipment_id as varchar) as shipment_id,
        cast(order_id as varchar) as order_id,
        cast(carrier as varchar) as carrier,
        cast(shipped_at as timestamp) as shipped_at,
        cast(first_scan_at as timestamp) as first_scan_at,
        cast(delivered_at as timestamp) as delivered_at,
        cast(weight_grams as double) as weight_grams,
        cast(scan_count as bigint) as scan_count,
        cast(shipped_at as date) as day
    from source
    qualify row_number() over (
        partition by shipment_id
        order by shipped_at nulls last
    ) = 1
)

select * from renamed
