-- Listings of one shop with their versions, prices and what was sold, most money first.
--
-- grain:   product_id
-- params:  entity_id     varchar
--          limit         bigint
-- returns: product_id    varchar
--          title         varchar    as typed: hostile until escaped
--          category      varchar
--          listed_at     timestamp  UTC
--          removed_at    timestamp  null = on sale
--          versions      bigint     null = not delivered
--          changed_at    timestamp  when the last version began
--          first_usd     double     price as first listed
--          lowest_usd    double
--          price_usd     double     now
--          orders        bigint
--          paid_usd      double
with versions as (
    select
        product_id,
        count(*) as versions,
        max(valid_from) as changed_at,
        arg_min(price_usd, version) as first_usd,
        min(price_usd) as lowest_usd
    from staging.listing_versions
    group by product_id
),

sales as (
    select
        product_id,
        count(*) as orders,
        sum(paid_usd) as paid_usd
    from staging.orders
    where merchant_id = $entity_id
    group by product_id
)

select
    p.product_id,
    p.title,
    p.category,
    p.listed_at,
    p.removed_at,
    v.versions,
    v.changed_at,
    v.first_usd,
    v.lowest_usd,
    p.price_usd,
    coalesce(s.orders, 0) as orders,
    coalesce(cast(s.paid_usd as double), 0) as paid_usd
from staging.products as p
left join versions as v on p.product_id = v.product_id
left join sales as s on p.product_id = s.product_id
where p.merchant_id = $entity_id
order by paid_usd desc nulls last, p.product_id asc nulls last
limit $limit
