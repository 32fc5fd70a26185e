-- Listings with the picture or nearly the title of one listing, and which came after which.
--
-- A listing is gone when it or its shop was taken down.
--
-- grain:   twin_id
-- params:  entity_id      varchar
-- returns: twin_id        varchar
--          title          varchar    as typed: hostile until escaped
--          merchant_id    varchar
--          merchant_name  varchar    as typed: hostile until escaped
--          market         varchar    of the shop
--          is_same_shop   boolean
--          by_picture     boolean    shows the same picture
--          likeness       double     of the titles, 0.8..1; null = less alike
--          alike_since    timestamp  UTC: both had shown it from then
--          gone_at        timestamp  null = on sale
--          price_usd      double
--          standing       varchar    relisted: showed it when this one was gone; before: was
--                                    gone when this one showed it; beside: both on sale
with gone as (
    select
        p.product_id,
        p.merchant_id,
        p.title,
        p.price_usd,
        m.name as merchant_name,
        m.market,
        least(p.removed_at, m.closed_at) as gone_at
    from staging.products as p
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
),

likenesses as (
    select
        twin_id,
        true as is_picture,
        null as likeness,
        known_from
    from facts.image_twins
    where product_id = $entity_id
    union all
    select
        twin_id,
        false as is_picture,
        likeness,
        known_from
    from similarity.title_twins
    where product_id = $entity_id
),

twins as (
    select
        twin_id,
        bool_or(is_picture) as by_picture,
        max(likeness) as likeness,
        min(known_from) as alike_since
    from likenesses
    group by twin_id
)

select
    t.twin_id,
    b.title,
    b.merchant_id,
    b.merchant_name,
    b.market,
    a.merchant_id = b.merchant_id as is_same_shop,
    t.by_picture,
    t.likeness,
    t.alike_since,
    b.gone_at,
    b.price_usd,
    case
        when a.gone_at <= t.alike_since then 'relisted'
        when b.gone_at <= t.alike_since then 'before'
        else 'beside'
    end as standing
from twins as t
inner join gone as b on t.twin_id = b.product_id
inner join gone as a on a.product_id = $entity_id
order by
    list_position(['relisted', 'before', 'beside'], standing) asc nulls last,
    t.alike_since asc nulls last,
    t.twin_id asc nulls last
