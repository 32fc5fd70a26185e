-- The price of one listing against its category.
--
-- grain:   product_id
-- params:  entity_id       varchar  the listing
--          as_of           date     what was known before this day
-- returns: product_id                  varchar
--          title                       varchar    as typed
--          category                    varchar
--          price_usd                   double     USD
--          median_price_usd            double     USD, of selling listings in the category
--          selling_listings            bigint     listings behind the median

-- Of every listing that sold lately, as the feature has it: those observed are no fair sample.
with category_prices as (
    select
        p.category,
        median(p.price_usd) as median_price_usd,
        count(*) as selling_listings
    from population.active_spans as a
    inner join staging.products as p on a.entity_id = p.product_id
    where
        a.entity_type = 'product'
        and a.first_day < $as_of
        and a.last_day >= $as_of - 90
    group by p.category
),

final as (
    select
        p.product_id,
        p.title,
        p.category,
        p.price_usd,
        s.median_price_usd,
        s.selling_listings
    from staging.products as p
    inner join category_prices as s on p.category = s.category
    where p.product_id = $entity_id
)

select * from final
