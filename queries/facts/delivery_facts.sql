-- Each delivered parcel with what its weight, scans and timing say.
--
-- grain:   shipment_id
-- params:  none
-- returns: shipment_id            varchar
--          order_id               varchar
--          buyer_id               varchar
--          merchant_id            varchar
--          product_id             varchar
--          creator_id             varchar
--          carrier                varchar
--          shipped_at             timestamp
--          delivered_at           timestamp
--          day                    date       UTC day of delivery
--          weight_grams           double     grams, by the carrier
--          expected_weight_grams  double     grams, declared
--          scan_count             bigint
--          hours_in_transit       double     hours
--          is_light               integer    1 when under half the weight
--          is_fast_delivery       integer    1 when under 12 hours
--          is_few_scans           integer    1 when 2 scans or fewer
--          is_late_dispatch       integer    1 when over 48 h after order
with final as (
    select
        s.shipment_id,
        s.order_id,
        o.buyer_id,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        s.carrier,
        s.shipped_at,
        s.delivered_at,
        cast(s.delivered_at as date) as day,
        s.weight_grams,
        p.weight_grams * nullif(o.quantity, 0) as expected_weight_grams,
        s.scan_count,
        date_diff('minute', s.shipped_at, s.delivered_at) / 60.0
            as hours_in_transit,
        case
            when s.weight_grams < 0.5 * p.weight_grams * o.quantity then 1
            else 0
        end as is_light,
        case
            when s.delivered_at < s.shipped_at + interval 12 hour then 1
            else 0
        end as is_fast_delivery,
        case when s.scan_count <= 2 then 1 else 0 end as is_few_scans,
        case
            when s.shipped_at > o.created_at + interval 48 hour then 1
            else 0
        end as is_late_dispatch
    from staging.shipments as s
    inner join staging.orders as o on s.order_id = o.order_id
    inner join staging.products as p on o.product_id = p.product_id
    where s.delivered_at is not null and not o.is_sample
)

select * from final
