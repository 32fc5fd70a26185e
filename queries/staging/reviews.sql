-- One row per review of a delivered order.
--
-- grain:   review_id
-- params:  none
-- returns: review_id   varchar    rev_...
--          order_id    varchar    -> orders.order_id
--          created_at  timestamp
--          rating      bigint     stars
--          body        varchar    review text, as typed
--          day         date       UTC day of created_at
with source as (
    select * from raw.reviews
),

final as (
    select
        cast(review_id as varchar) as review_id,
        cast(order_id as varchar) as order_id,
        cast(created_at as timestamp) as created_at,
        cast(rating as bigint) as rating,
        written(cast(body as varchar)) as body,
        cast(created_at as date) as day
    from source
)

select * from final
