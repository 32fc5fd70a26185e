-- Short videos of one creator with what their audience did, the most watched first.
--
-- grain:   video_id
-- params:  entity_id     varchar
--          limit         bigint
-- returns: video_id      varchar
--          title         varchar    as typed: hostile until escaped
--          published_at  timestamp  UTC
--          views         bigint     plays
--          likes         bigint
--          comments      bigint
--          clicks        bigint
--          orders        bigint
--          paid_usd      double
--          refunds       bigint     orders of which money was asked back
--          daily_views   bigint[]   plays of each day it was watched, in order
with days as (
    select
        d.video_id,
        sum(d.views) as views,
        sum(d.likes) as likes,
        sum(d.comments) as comments,
        sum(d.product_clicks) as clicks,
        list(d.views order by d.day asc nulls last) as daily_views
    from staging.video_days as d
    inner join staging.videos as v on d.video_id = v.video_id
    where v.creator_id = $entity_id
    group by d.video_id
),

own_orders as materialized (
    select
        o.order_id,
        o.video_id,
        o.paid_usd
    from staging.orders as o
    inner join staging.videos as v on o.video_id = v.video_id
    where v.creator_id = $entity_id
),

asked_back as (
    select distinct order_id
    from staging.refunds
    where order_id in (select order_id from own_orders)
),

sales as (
    select
        o.video_id,
        count(*) as orders,
        sum(o.paid_usd) as paid_usd,
        count(r.order_id) as refunds
    from own_orders as o
    left join asked_back as r on o.order_id = r.order_id
    group by o.video_id
)

select
    v.video_id,
    v.title,
    v.published_at,
    cast(d.views as bigint) as views,
    cast(d.likes as bigint) as likes,
    cast(d.comments as bigint) as comments,
    cast(d.clicks as bigint) as clicks,
    coalesce(s.orders, 0) as orders,
    coalesce(cast(s.paid_usd as double), 0) as paid_usd,
    coalesce(s.refunds, 0) as refunds,
    d.daily_views
from staging.videos as v
left join days as d on v.video_id = d.video_id
left join sales as s on v.video_id = s.video_id
where v.creator_id = $entity_id
order by d.views desc nulls last, v.video_id asc nulls last
limit $limit
