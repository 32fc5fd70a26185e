-- Orders that one creator promoted and what became known of them in a window.
--
-- grain:   event, event_id
-- params:  entity_id       varchar  the creator
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: event                       varchar    order, live_order, early_order, ...
--          event_id                    varchar
--          order_id                    varchar
--          buyer_id                    varchar
--          event_at                    timestamp  UTC, when it was known
with orders as (
    select
        'order' as event,
        order_id as event_id,
        order_id,
        buyer_id,
        counted_at as event_at
    from staging.orders
    where
        creator_id = $entity_id
        and not is_sample
        and within(day, $as_of, $days)
),

outcomes as (
    select
        event,
        event_id,
        order_id,
        buyer_id,
        event_at
    from facts.promotion_facts
    where
        creator_id = $entity_id
        and within(day, $as_of, $days)
),

final as (
    select * from orders
    union all
    select * from outcomes
)

select * from final
order by event_at desc nulls last, event asc, event_id desc
