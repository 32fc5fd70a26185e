-- The price of one listing against the listings of its brand.
--
-- grain:   product_id
-- params:  entity_id         varchar  the listing
--          as_of             date     what was known before this day
-- returns: product_id        varchar
--          title             varchar    as typed
--          brand             varchar    as claimed
--          price_usd         double     USD, then
--          median_price_usd  double     USD, of the brand's listings when first listed
--          brand_listings    bigint     listings behind the median
with latest_price as (
    select
        product_id,
        price_usd
    from staging.listing_versions
    where product_id = $entity_id and day < $as_of
    order by version desc nulls last
    limit 1
),

final as (
    select
        p.product_id,
        p.title,
        p.brand,
        v.price_usd,
        b.median_price_usd,
        b.listings as brand_listings
    from staging.products as p
    inner join latest_price as v on p.product_id = v.product_id
    inner join windows.brand_prices as b
        on p.brand = b.brand and b.as_of = $as_of
    where p.product_id = $entity_id
)

select * from final
