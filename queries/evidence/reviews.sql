-- Reviews and deliveries of one entity in a window.
--
-- grain:   event, event_at, order_id
-- params:  entity_type     varchar  merchant, creator, product or buyer
--          entity_id       varchar
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: event                       varchar    review or delivery
--          event_at                    timestamp  UTC
--          order_id                    varchar
--          merchant_id                 varchar
--          product_id                  varchar
--          buyer_id                    varchar
--          rating                      bigint     stars
--          body                        varchar    as typed
--          hours_after_delivery        double     hours
--          is_five_star                integer
--          is_low_star                 integer
--          is_fast                     integer    within 48 h of delivery
with reviews as (
    select
        'review' as event,
        created_at as event_at,
        order_id,
        merchant_id,
        product_id,
        buyer_id,
        rating,
        body,
        hours_after_delivery,
        is_five_star,
        is_low_star,
        is_fast
    from facts.review_facts
    where
        party_id(
            $entity_type, merchant_id, creator_id, product_id, buyer_id
        ) = $entity_id
        and within(day, $as_of, $days)
),

deliveries as (
    select
        'delivery' as event,
        delivered_at as event_at,
        order_id,
        merchant_id,
        product_id,
        buyer_id,
        cast(null as bigint) as rating,
        cast(null as varchar) as body,
        cast(null as double) as hours_after_delivery,
        cast(0 as integer) as is_five_star,
        cast(0 as integer) as is_low_star,
        cast(0 as integer) as is_fast
    from facts.delivery_facts
    where
        party_id(
            $entity_type, merchant_id, creator_id, product_id, buyer_id
        ) = $entity_id
        and within(day, $as_of, $days)
),

final as (
    select * from reviews
    union all
    select * from deliveries
)

select * from final
order by event desc nulls last, event_at desc nulls last, order_id desc
