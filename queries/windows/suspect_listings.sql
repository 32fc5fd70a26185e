-- How many listings of each shop show what fakes are sold by, before each snapshot.
--
-- A shop sells its fakes beside honest goods: its own averages hide them, so the shop
-- answers for single listings. One report is enough of a listing that was cut in price.
-- Only shops with such a listing have a row.
--
-- grain:   merchant_id, as_of
-- params:  none
-- returns: merchant_id                varchar
--          as_of                      date     only days before it count
--          misspelt_listings          double   named nearly like a brand
--          cut_reported_listings_90d  double   cut under 70 % and reported, 90 days
with snapshots as (
    select as_of
    from facts.snapshots
    where entity_type = 'merchant'
),

versions as (
    select
        product_id,
        version,
        day,
        price_usd,
        first_value(price_usd) over (
            partition by product_id
            order by version asc nulls last
        ) as first_price_usd
    from staging.listing_versions
),

cuts as (
    select distinct
        v.product_id,
        d.as_of
    from versions as v
    inner join snapshots as d on within(v.day, d.as_of, 90)
    where v.version > 1 and v.price_usd < 0.7 * v.first_price_usd
),

reports as (
    select distinct
        f.product_id,
        d.as_of
    from facts.trouble_facts as f
    inner join snapshots as d on within(f.day, d.as_of, 90)
    where f.kind = 'complaint' and f.detail = 'counterfeit'
),

suspects as (
    select
        n.product_id,
        d.as_of,
        1 as is_misspelt,
        0 as is_cut_and_reported
    from facts.near_brands as n
    inner join snapshots as d on n.known_from < cast(d.as_of as timestamp)
    union all
    select
        r.product_id,
        r.as_of,
        0 as is_misspelt,
        1 as is_cut_and_reported
    from reports as r
    inner join cuts as c
        on r.product_id = c.product_id and r.as_of = c.as_of
),

final as (
    select
        p.merchant_id,
        s.as_of,
        number(sum(s.is_misspelt)) as misspelt_listings,
        number(sum(s.is_cut_and_reported)) as cut_reported_listings_90d
    from suspects as s
    inner join staging.products as p on s.product_id = p.product_id
    group by p.merchant_id, s.as_of
)

select * from final
