-- What each listing said and cost from when on; version 1 = as first listed.
--
-- grain:   listing_version_id
-- params:  none
-- returns: listing_version_id  varchar    lsv_...
--          product_id          varchar    -> products.product_id
--          version             bigint     number within the listing
--          valid_from          timestamp  until the next version of the listing
--          title               varchar    listing title, as typed
--          category            varchar
--          currency            varchar
--          price_usd           double     USD
--          usd_per_unit        double     USD per currency unit
--          image_id            varchar    masked perceptual hash of the first image
--          day                 date       UTC day of valid_from
with source as (
    select * from raw.listing_versions
),

final as (
    select
        cast(listing_version_id as varchar) as listing_version_id,
        cast(product_id as varchar) as product_id,
        cast(version as bigint) as version,
        cast(valid_from as timestamp) as valid_from,
        cast(title as varchar) as title,
        cast(category as varchar) as category,
        cast(currency as varchar) as currency,
        usd(price_minor, currency, usd_per_unit) as price_usd,
        cast(usd_per_unit as double) as usd_per_unit,
        identifier('image', cast(image_id as varchar)) as image_id,
        cast(valid_from as date) as day
    from source
)

select * from final
