-- One row per order that was never paid: an attempt, which moved no money.
--
-- Its sums are what would have been paid. An attempt says who was where with which
-- device; it is no sale, costs no voucher and earns no commission.
--
-- grain:   order_id
-- params:  none
-- returns: order_id          varchar    ord_...
--          buyer_id          varchar    -> buyers.buyer_id
--          merchant_id       varchar    -> merchants.merchant_id
--          product_id        varchar    -> products.product_id
--          creator_id        varchar    who promoted it, if anyone
--          live_session_id   varchar    -> live_sessions.live_session_id
--          channel           varchar
--          created_at        timestamp
--          cancelled_at      timestamp  null = still waiting for the payment
--          items_usd         double     USD: price times quantity
--          voucher_usd       double     USD: discount asked for
--          unpaid_usd        double     USD: what paying would have cost
--          is_sample         boolean    free sample or gift
--          device_id         varchar    masked device
--          ip_id             varchar    masked network address
--          address_id        varchar    masked delivery address
--          payment_token_id  varchar    masked payment token
--          day               date       UTC day of created_at
with source as (
    select * from raw.orders
),

final as (
    select
        cast(order_id as varchar) as order_id,
        cast(buyer_id as varchar) as buyer_id,
        cast(merchant_id as varchar) as merchant_id,
        cast(product_id as varchar) as product_id,
        cast(creator_id as varchar) as creator_id,
        cast(live_session_id as varchar) as live_session_id,
        coalesce(cast(channel as varchar), 'shop_tab') as channel,
        cast(created_at as timestamp) as created_at,
        cast(cancelled_at as timestamp) as cancelled_at,
        usd(items_minor, currency, usd_per_unit) as items_usd,
        usd(voucher_minor, currency, usd_per_unit) as voucher_usd,
        usd(paid_minor, currency, usd_per_unit) as unpaid_usd,
        coalesce(cast(is_sample as boolean), false) as is_sample,
        identifier('device', cast(device_id as varchar)) as device_id,
        identifier('ip', cast(ip_id as varchar)) as ip_id,
        identifier('address', cast(address_id as varchar)) as address_id,
        identifier('payment_token', cast(payment_token_id as varchar))
            as payment_token_id,
        cast(created_at as date) as day
    from source
    where paid_at is null
)

select * from final
