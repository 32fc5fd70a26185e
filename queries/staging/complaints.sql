-- What buyers reported to customer service.
--
-- grain:   complaint_id
-- params:  none
-- returns: complaint_id  varchar    cpl_...
--          order_id      varchar    null = about no order
--          buyer_id      varchar    -> buyers.buyer_id
--          merchant_id   varchar    null = about no shop
--          event_at      timestamp  when it happened to the buyer
--          observed_at   timestamp  when the buyer reported it
--          topic         varchar
--          body          varchar    what the buyer wrote
--          day           date       UTC day of observed_at
with source as (
    select * from raw.complaints
),

final as (
    select
        cast(complaint_id as varchar) as complaint_id,
        cast(order_id as varchar) as order_id,
        cast(buyer_id as varchar) as buyer_id,
        cast(merchant_id as varchar) as merchant_id,
        cast(event_at as timestamp) as event_at,
        cast(observed_at as timestamp) as observed_at,
        cast(topic as varchar) as topic,
        cast(body as varchar) as body,
        cast(observed_at as date) as day
    from source
)

select * from final
