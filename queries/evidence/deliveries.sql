-- Delivered parcels of one entity in a window.
--
-- grain:   order_id
-- params:  entity_type     varchar  merchant, creator, product or buyer
--          entity_id       varchar
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: order_id                    varchar
--          delivered_at                timestamp  UTC
--          shipped_at                  timestamp  UTC
--          merchant_id                 varchar
--          product_id                  varchar
--          buyer_id                    varchar
--          carrier                     varchar
--          weight_grams                double     grams, by the carrier
--          expected_weight_grams       double     grams, declared
--          scan_count                  bigint     scans
--          hours_in_transit            double     hours
--          is_light                    integer    under half the declared weight
--          is_fast_delivery            integer    under 12 h in transit
--          is_few_scans                integer    2 scans or fewer
--          is_late_dispatch            integer    over 48 h after order
with final as (
    select
        order_id,
        delivered_at,
        shipped_at,
        merchant_id,
        product_id,
        buyer_id,
        carrier,
        weight_grams,
        expected_weight_grams,
        scan_count,
        hours_in_transit,
        is_light,
        is_fast_delivery,
        is_few_scans,
        is_late_dispatch
    from facts.delivery_facts
    where
        party_id(
            $entity_type, merchant_id, creator_id, product_id, buyer_id
        ) = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by delivered_at desc nulls last, order_id desc
