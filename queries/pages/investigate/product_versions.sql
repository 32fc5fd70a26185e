-- What one listing said and cost, version by version, against its category then.
--
-- Peers are the other listings on sale in the category and market when a version began, at
-- the price they then had.
--
-- grain:   version
-- params:  entity_id      varchar
-- returns: version        bigint
--          valid_from     timestamp  UTC
--          valid_until    timestamp  the next version, or listing or shop gone; null = still
--          title          varchar    as typed: hostile until escaped
--          category       varchar
--          image_id       varchar    masked
--          price_usd      double
--          low_usd        double     a quarter of the peers cost less; null = no peer
--          median_usd     double
--          high_usd       double     a quarter of the peers cost more
--          peer_count     bigint
with versions as (
    select
        v.product_id,
        v.version,
        v.valid_from,
        coalesce(
            lead(v.valid_from) over (
                partition by v.product_id order by v.version
            ),
            least(p.removed_at, m.closed_at)
        ) as valid_until,
        v.title,
        v.category,
        v.image_id,
        v.price_usd,
        m.market
    from staging.listing_versions as v
    inner join staging.products as p on v.product_id = p.product_id
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
),

own as (
    select * from versions
    where product_id = $entity_id
),

peers as (
    select
        o.version,
        quantile_cont(v.price_usd, 0.25) as low_usd,
        quantile_cont(v.price_usd, 0.5) as median_usd,
        quantile_cont(v.price_usd, 0.75) as high_usd,
        count(v.price_usd) as peer_count
    from own as o
    inner join versions as v
        on
            o.category = v.category
            and o.market = v.market
            and o.product_id <> v.product_id
            and o.valid_from >= v.valid_from
            and o.valid_from < coalesce(v.valid_until, timestamp '9999-01-01')
    group by o.version
)

select
    o.version,
    o.valid_from,
    o.valid_until,
    o.title,
    o.category,
    o.image_id,
    o.price_usd,
    p.low_usd,
    p.median_usd,
    p.high_usd,
    coalesce(p.peer_count, 0) as peer_count
from own as o
left join peers as p on o.version = p.version
order by o.version asc nulls last
