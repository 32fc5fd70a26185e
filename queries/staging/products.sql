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
--          brand         varchar    brand claimed by the listing; null = unbranded
--          image_id      varchar    masked perceptual hash of the first image
--          removed_at    timestamp  taken down; null = on sale
with source as (
    select * from raw.products
),

final as (
    select
        cast(product_id as varchar) as product_id,
        cast(merchant_id as varchar) as merchant_id,
        cast(title as varchar) as title,
        cast(category as varchar) as category,
        cast(currency as varchar) as currency,
        usd(price_minor, currency, usd_per_unit) as price_usd,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(weight_grams as double) as weight_grams,
        cast(listed_at as timestamp) as listed_at,
        cast(brand as varchar) as brand,
        identifier('image', cast(image_id as varchar)) as image_id,
        cast(removed_at as timestamp) as removed_at
    from source
)

select * from final
