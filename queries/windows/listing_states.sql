-- What was known of each listing's edits, pictures and name at each snapshot.
--
-- Only listings that differ have a row: edited, misspelt or showing the picture of
-- another one that is gone.
--
-- grain:   product_id, as_of
-- params:  none
-- returns: product_id           varchar
--          as_of                date
--          price_usd            double   USD, of the version then open; null = as listed
--          first_price_usd      double   USD, of the first version; null = not edited
--          is_turned            double   1 = other category than first
--          edits_30d            double   new versions but sale prices, 30 days
--          gone_image_products  double   gone listings with its picture
--          is_misspelt          double   1 = a brand's name, nearly
with snapshots as (
    select as_of from facts.snapshots
    where entity_type = 'product'
),

edits as (
    select
        v.product_id,
        d.as_of,
        max(v.version) as version,
        cast(
            count(*) filter (
                where
                v.day >= d.as_of - 30
                and (
                    s.known_from is null
                    or s.known_from >= cast(d.as_of as timestamp)
                )
            ) as double
        ) as edits_30d
    from staging.listing_versions as v
    inner join snapshots as d on v.day < d.as_of
    left join facts.sale_prices as s
        on v.product_id = s.product_id and v.version = s.version
    where v.version > 1
    group by v.product_id, d.as_of
),

prices as (
    select
        e.product_id,
        e.as_of,
        e.edits_30d,
        v.price_usd,
        f.price_usd as first_price_usd,
        cast(
            case when v.category <> f.category then 1 else 0 end as double
        ) as is_turned
    from edits as e
    inner join staging.listing_versions as v
        on e.product_id = v.product_id and e.version = v.version
    inner join staging.listing_versions as f
        on e.product_id = f.product_id and f.version = 1
),

image_copies as (
    select
        t.product_id,
        d.as_of,
        cast(count(distinct t.twin_id) as double) as gone_image_products
    from facts.image_twins as t
    inner join snapshots as d
        on
            t.known_from < cast(d.as_of as timestamp)
            and valid_at(t.gone_at, t.known_until, d.as_of)
    group by t.product_id, d.as_of
),

brand_lookalikes as (
    select
        n.product_id,
        d.as_of
    from facts.near_brands as n
    inner join snapshots as d on n.known_from < cast(d.as_of as timestamp)
),

subjects as (
    select
        product_id,
        as_of
    from prices
    union
    select
        product_id,
        as_of
    from image_copies
    union
    select
        product_id,
        as_of
    from brand_lookalikes
),

final as (
    select
        s.product_id,
        s.as_of,
        p.price_usd,
        p.first_price_usd,
        coalesce(p.is_turned, 0.0) as is_turned,
        coalesce(p.edits_30d, 0.0) as edits_30d,
        coalesce(g.gone_image_products, 0.0) as gone_image_products,
        cast(
            case when n.product_id is null then 0.0 else 1.0 end as double
        ) as is_misspelt
    from subjects as s
    left join prices as p
        on s.product_id = p.product_id and s.as_of = p.as_of
    left join image_copies as g
        on s.product_id = g.product_id and s.as_of = g.as_of
    left join brand_lookalikes as n
        on s.product_id = n.product_id and s.as_of = n.as_of
)

select * from final
