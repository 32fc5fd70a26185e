-- Every time somebody ordered, paid or not: who was where, with what.
--
-- For what is seen of an account (devices, addresses, cards, visits); a guest has none
-- and is not here. What was sold is `staging.orders`.
--
-- grain:   order_id
-- params:  none
-- returns: order_id          varchar    ord_...
--          buyer_id          varchar    -> buyers.buyer_id
--          product_id        varchar    -> products.product_id
--          created_at        timestamp  when it was placed
--          device_id         varchar    masked device
--          ip_id             varchar    masked network address
--          address_id        varchar    masked delivery address
--          payment_token_id  varchar    masked payment token
--          is_sample         boolean    free sample or gift
--          day               date       UTC day of created_at
with source as (
    select * from raw.orders
),

final as (
    select
        cast(order_id as varchar) as order_id,
        cast(buyer_id as varchar) as buyer_id,
        cast(product_id as varchar) as product_id,
        cast(created_at as timestamp) as created_at,
        identifier('device', cast(device_id as varchar)) as device_id,
        identifier('ip', cast(ip_id as varchar)) as ip_id,
        identifier('address', cast(address_id as varchar)) as address_id,
        identifier('payment_token', cast(payment_token_id as varchar))
            as payment_token_id,
        coalesce(cast(is_sample as boolean), false) as is_sample,
        cast(created_at as date) as day
    from source
    where buyer_id is not null
)

select * from final
