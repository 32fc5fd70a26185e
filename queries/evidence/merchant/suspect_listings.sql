-- Listings of one shop that are named nearly like a brand or reported as fake.
--
-- grain:   product_id
-- params:  entity_id         varchar  the shop
--          as_of             date     what was known before this day
--          days              bigint   length of the window
-- returns: product_id        varchar
--          title             varchar  as typed
--          brand             varchar  the brand it is nearly; null = none
--          reports           bigint   that its goods are fake, in the window
--          lowest_price_usd  double   USD, of its edits in the window
--          first_price_usd   double   USD, as first listed
--          is_misspelt       integer  1 when named nearly like a brand
--          is_cut            integer  1 when cut under 70 % of its first price
with lookalikes as (
    select
        product_id,
        min(brand) as brand
    from facts.near_brands
    where known_from < cast($as_of as timestamp)
    group by product_id
),

reports as (
    select
        product_id,
        count(*) as reports
    from facts.trouble_facts
    where
        merchant_id = $entity_id
        and kind = 'complaint'
        and detail = 'counterfeit'
        and within(day, $as_of, $days)
    group by product_id
),

prices as (
    select
        product_id,
        min(price_usd) filter (
            where version > 1 and within(day, $as_of, $days)
        ) as lowest_price_usd,
        max(price_usd) filter (where version = 1) as first_price_usd
    from staging.listing_versions
    where day < $as_of
    group by product_id
),

final as (
    select
        p.product_id,
        p.title,
        l.brand,
        coalesce(r.reports, 0) as reports,
        v.lowest_price_usd,
        v.first_price_usd,
        flag(l.product_id is not null) as is_misspelt,
        flag(v.lowest_price_usd < 0.7 * v.first_price_usd) as is_cut
    from staging.products as p
    left join lookalikes as l on p.product_id = l.product_id
    left join reports as r on p.product_id = r.product_id
    left join prices as v on p.product_id = v.product_id
    where
        p.merchant_id = $entity_id
        and (l.product_id is not null or r.product_id is not null)
)

select * from final
order by reports desc nulls last, product_id asc nulls last
