-- One row per listing.
--
-- grain:   product_id
-- params:  none
-- returns: product_id    varchar    prd_...
--          merchant_id   varchar    -> merchants.merchant_id
--          title         varchar    listing title, as typed
--          category      varchar
--          currency      varchar
--          price_usd     double     USD
--          usd_per_unit  double     USD per currency unit
--          weight_grams  double     declared weight of one piece
--          listed_at     timestamp
with source as (
    select * from raw.products
),

renamed as (
    select
        cast(product_id as varchar) as product_id,
        cast(merchant_id as varchar) as merchant_id,
        cast(title as varchar) as title,
        cast(category as varchar) as category,
        cast(currency as varchar) as currency,
        cast(price_minor as double) / 100.0 * usd_per_unit as price_usd,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(weight_grams as double) as weight_grams,
        cast(listed_at as timestamp) as listed_at
    from source
    qualify row_number() over (
        partition by product_id
        order by product_id nulls last
    ) = 1
)

select * from renamed
