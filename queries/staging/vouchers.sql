-- Voucher types and their rule of offer.
--
-- grain:   voucher_id
-- params:  none
-- returns: voucher_id     varchar    vch_...
--          campaign_id    varchar    -> campaigns.campaign_id
--          kind           varchar
--          currency       varchar
--          discount_usd   double     USD
--          min_spend_usd  double     USD
--          usd_per_unit   double     USD per currency unit
--          funded_by      varchar
--          starts_at      timestamp
--          ends_at        timestamp
with source as (
    select * from raw.vouchers
),

final as (
    select
        cast(voucher_id as varchar) as voucher_id,
        cast(campaign_id as varchar) as campaign_id,
        cast(kind as varchar) as kind,
        cast(currency as varchar) as currency,
        usd(discount_minor, currency, usd_per_unit) as discount_usd,
        usd(min_spend_minor, currency, usd_per_unit) as min_spend_usd,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(funded_by as varchar) as funded_by,
        cast(starts_at as timestamp) as starts_at,
        cast(ends_at as timestamp) as ends_at
    from source
)

select * from final
