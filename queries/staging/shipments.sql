-- One row per parcel; one parcel per shipped order.
--
-- grain:   shipment_id
-- params:  none
-- returns: shipment_id       varchar    shp_...
--          order_id          varchar    -> orders.order_id
--          carrier           varchar
--          shipped_at        timestamp  seller marked it dispatched
--          first_scan_at     timestamp  carrier first saw it
--          delivered_at      timestamp
--          weight_grams      double     as weighed by the carrier at first scan
--          scan_count        bigint     carrier scans until delivery
--          tracking_number   varchar    carrier's number, as the seller entered it
--          origin_id         varchar    warehouse the carrier picked it up from
--          is_address_match  boolean    delivery GPS is at the address; null = not delivered
--          observed_at       timestamp  the carrier's scan and weight reached us; null = not yet
--          day               date       UTC day of shipped_at
with source as (
    select * from raw.shipments
),

final as (
    select
        cast(shipment_id as varchar) as shipment_id,
        cast(order_id as varchar) as order_id,
        cast(carrier as varchar) as carrier,
        cast(shipped_at as timestamp) as shipped_at,
        cast(first_scan_at as timestamp) as first_scan_at,
        cast(delivered_at as timestamp) as delivered_at,
        cast(weight_grams as double) as weight_grams,
        cast(scan_count as bigint) as scan_count,
        identifier('tracking', cast(tracking_number as varchar))
            as tracking_number,
        identifier('warehouse', cast(origin_id as varchar)) as origin_id,
        cast(is_address_match as boolean) as is_address_match,
        cast(observed_at as timestamp) as observed_at,
        cast(shipped_at as date) as day
    from source
)

select * from final
