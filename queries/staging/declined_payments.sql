-- Payment attempts that were refused.
--
-- grain:   attempt_id
-- params:  none
-- returns: attempt_id        varchar    att_...
--          buyer_id          varchar    -> buyers.buyer_id
--          order_id          varchar    the order it was for, when one came of it
--          attempted_at      timestamp
--          payment_token_id  varchar    masked payment token
--          card_bin          varchar    first digits of the card: its issuer
--          device_id         varchar    masked device
--          ip_id             varchar    masked network address
--          amount_usd        double     USD
--          currency          varchar
--          usd_per_unit      double     USD per currency unit
--          reason            varchar    the issuer's code in words
--          day               date       UTC day of attempted_at
with source as (
    select * from raw.declined_payments
),

final as (
    select
        cast(attempt_id as varchar) as attempt_id,
        cast(buyer_id as varchar) as buyer_id,
        cast(order_id as varchar) as order_id,
        cast(attempted_at as timestamp) as attempted_at,
        identifier('payment_token', cast(payment_token_id as varchar))
            as payment_token_id,
        identifier('card_bin', cast(card_bin as varchar)) as card_bin,
        identifier('device', cast(device_id as varchar)) as device_id,
        identifier('ip', cast(ip_id as varchar)) as ip_id,
        usd(amount_minor, currency, usd_per_unit) as amount_usd,
        cast(currency as varchar) as currency,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(reason as varchar) as reason,
        cast(attempted_at as date) as day
    from source
)

select * from final
