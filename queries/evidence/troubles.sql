-- What stood out about the orders of one entity in a window, beside all of them.
--
-- grain:   event, event_id
-- params:  entity_type  varchar  merchant or product
--          entity_id    varchar
--          as_of        date     what was known before this day
--          days         bigint   length of the window
-- returns: event        varchar    order, delivery or a kind of trouble
--          event_id     varchar    order, parcel or complaint
--          event_at     timestamp  UTC, when it was known
--          order_id     varchar
--          product_id   varchar
--          buyer_id     varchar
--          detail       varchar    carrier, number, topic or what changed
with troubles as (
    select
        kind as event,
        event_id,
        known_at as event_at,
        order_id,
        product_id,
        buyer_id,
        detail
    from facts.trouble_facts
    where
        party_id($entity_type, merchant_id, null, product_id, null) = $entity_id
        and within(day, $as_of, $days)
),

orders as (
    select
        'order' as event,
        order_id as event_id,
        created_at as event_at,
        order_id,
        product_id,
        buyer_id,
        channel as detail
    from facts.order_facts
    where
        party_id($entity_type, merchant_id, null, product_id, null) = $entity_id
        and within(day, $as_of, $days)
),

deliveries as (
    select
        'delivery' as event,
        shipment_id as event_id,
        delivered_at as event_at,
        order_id,
        product_id,
        buyer_id,
        carrier as detail
    from facts.delivery_facts
    where
        party_id($entity_type, merchant_id, null, product_id, null) = $entity_id
        and within(day, $as_of, $days)
),

final as (
    select * from troubles
    union all
    select * from orders
    union all
    select * from deliveries
)

select * from final
order by
    case when event in ('order', 'delivery') then 1 else 0 end asc,
    event_at desc nulls last,
    event_id desc nulls last
