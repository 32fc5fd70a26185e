-- One row per paid order; one product per order.
--
-- An order is a fact once it is paid, and counts from then: placed before midnight and
-- paid after it, it counts from the first moment of the day it was paid. Whoever reads
-- this table reads paid orders; `staging.unpaid_orders` has the others.
--
-- grain:   order_id
-- params:  none
-- returns: order_id                varchar    ord_...
--          purchase_id             varchar    the checkout it is a line of; else itself
--          buyer_id                varchar    -> buyers.buyer_id; null = a guest
--          merchant_id             varchar    -> merchants.merchant_id
--          product_id              varchar    -> products.product_id
--          creator_id              varchar    who promoted it, if anyone
--          live_session_id         varchar    -> live_sessions.live_session_id
--          video_id                varchar    -> videos.video_id
--          campaign_id             varchar    -> campaigns.campaign_id
--          voucher_id              varchar    -> vouchers.voucher_id
--          channel                 varchar
--          created_at              timestamp
--          paid_at                 timestamp
--          cancelled_at            timestamp
--          currency                varchar
--          usd_per_unit            double     USD per currency unit
--          quantity                bigint     pieces
--          items_usd               double     USD: price times quantity
--          voucher_usd             double     USD: discount taken
--          shipping_usd            double     USD
--          paid_usd                double     USD: items - voucher + shipping
--          commission_rate         double     share of items
--          click_to_order_seconds  double     last product click to order
--          has_prior_view          boolean    the buyer looked at the listing on an earlier visit
--          is_sample               boolean    free sample or gift, excluded from shop scores
--          device_id               varchar    masked device
--          ip_id                   varchar    masked network address
--          address_id              varchar    masked delivery address
--          payment_token_id        varchar    masked payment token
--          view_seconds            double     time on the listing before the order
--          is_billing_match        boolean    billing address of the payment = delivery address
--          is_express              boolean    the buyer paid for express delivery
--          payment_method          varchar    card, wallet, ... in small letters
--          day                     date       UTC day of paid_at
--          counted_at              timestamp  created_at; 0:00 of a later day of payment
with source as (
    select * from raw.orders
),

final as (
    select
        cast(order_id as varchar) as order_id,
        coalesce(cast(checkout_id as varchar), cast(order_id as varchar))
            as purchase_id,
        cast(buyer_id as varchar) as buyer_id,
        cast(merchant_id as varchar) as merchant_id,
        cast(product_id as varchar) as product_id,
        cast(creator_id as varchar) as creator_id,
        cast(live_session_id as varchar) as live_session_id,
        cast(video_id as varchar) as video_id,
        cast(campaign_id as varchar) as campaign_id,
        cast(voucher_id as varchar) as voucher_id,
        coalesce(cast(channel as varchar), 'shop_tab') as channel,
        cast(created_at as timestamp) as created_at,
        cast(paid_at as timestamp) as paid_at,
        cast(cancelled_at as timestamp) as cancelled_at,
        cast(currency as varchar) as currency,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(quantity as bigint) as quantity,
        usd(items_minor, currency, usd_per_unit) as items_usd,
        usd(voucher_minor, currency, usd_per_unit) as voucher_usd,
        usd(shipping_minor, currency, usd_per_unit) as shipping_usd,
        usd(paid_minor, currency, usd_per_unit) as paid_usd,
        cast(commission_rate as double) as commission_rate,
        cast(click_to_order_seconds as double) as click_to_order_seconds,
        cast(has_prior_view as boolean) as has_prior_view,
        coalesce(cast(is_sample as boolean), false) as is_sample,
        identifier('device', cast(device_id as varchar)) as device_id,
        identifier('ip', cast(ip_id as varchar)) as ip_id,
        identifier('address', cast(address_id as varchar)) as address_id,
        identifier('payment_token', cast(payment_token_id as varchar))
            as payment_token_id,
        cast(view_seconds as double) as view_seconds,
        cast(is_billing_match as boolean) as is_billing_match,
        cast(is_express as boolean) as is_express,
        lower(trim(cast(payment_method as varchar))) as payment_method,
        cast(paid_at as date) as day,
        greatest(
            cast(created_at as timestamp),
            cast(cast(paid_at as date) as timestamp)
        ) as counted_at
    from source
    where paid_at is not null
)

select * from final
