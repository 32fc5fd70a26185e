-- What the audience of one short video of a creator did, day by day, and what it bought.
--
-- grain:   day
-- params:  entity_id  varchar  the creator: a video of another has no days here
--          video_id   varchar
-- returns: day        date     UTC
--          views      bigint   plays
--          likes      bigint
--          comments   bigint
--          clicks     bigint
--          orders     bigint
--          paid_usd   double
with own as (
    select video_id
    from staging.videos
    where video_id = $video_id and creator_id = $entity_id
),

watched as (
    select d.*
    from staging.video_days as d
    inner join own as v on d.video_id = v.video_id
),

sales as (
    select
        o.day,
        count(*) as orders,
        sum(o.paid_usd) as paid_usd
    from staging.orders as o
    inner join own as v on o.video_id = v.video_id
    group by o.day
)

select
    coalesce(w.day, s.day) as day,
    w.views,
    w.likes,
    w.comments,
    w.product_clicks as clicks,
    coalesce(s.orders, 0) as orders,
    coalesce(cast(s.paid_usd as double), 0) as paid_usd
from watched as w
full outer join sales as s on w.day = s.day
order by day asc nulls last
