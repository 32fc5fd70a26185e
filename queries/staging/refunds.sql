-- One row per after-sale request.
--
-- grain:   refund_id
-- params:  none
-- returns: refund_id            varchar    ref_...
--          order_id             varchar    -> orders.order_id
--          requested_at         timestamp
--          refunded_at          timestamp  money back; null = refused or open
--          kind                 varchar
--          reason               varchar
--          claim_text           varchar    what the buyer wrote
--          return_weight_grams  double     weight of the returned parcel
--          amount_usd           double     USD
--          currency             varchar
--          usd_per_unit         double     USD per currency unit
--          day                  date       UTC day of requested_at
with source as (
    select * from raw.refunds
),

final as (
    select
        cast(refund_id as varchar) as refund_id,
        cast(order_id as varchar) as order_id,
        cast(requested_at as timestamp) as requested_at,
        cast(refunded_at as timestamp) as refunded_at,
        cast(kind as varchar) as kind,
        cast(reason as varchar) as reason,
        written(cast(claim_text as varchar)) as claim_text,
        cast(return_weight_grams as double) as return_weight_grams,
        usd(amount_minor, currency, usd_per_unit) as amount_usd,
        cast(currency as varchar) as currency,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(requested_at as date) as day
    from source
)

select * from final
