-- What a listing of each brand usually cost when first listed.
--
-- grain:   brand, as_of
-- params:  none
-- returns: brand             varchar
--          as_of             date
--          median_price_usd  double   USD
--          listings          bigint   listings behind the median
with final as (
    select
        p.brand,
        s.as_of,
        median(p.price_usd) as median_price_usd,
        count(*) as listings
    from staging.products as p
    inner join facts.snapshots as s
        on
            s.entity_type = 'product'
            and p.listed_at < cast(s.as_of as timestamp)
    where p.brand is not null
    group by p.brand, s.as_of
)

select * from final
