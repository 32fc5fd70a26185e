-- Short videos whose likes grew without talk, the furthest from their creator's usual first.
--
-- Likes and comments of the first twelve days, beside those of the same days of the
-- creator's other videos; with fewer than three of these, of all videos of the market.
-- Fans who like more talk more; likes that are bought come alone. Both have to be unlike
-- the usual, so a video ranks by the lesser of the two.
--
-- grain:   video_id
-- params:  markets       varchar[]  list, empty = every
--          limit         bigint
-- returns: video_id      varchar
--          title         varchar    as typed: hostile until escaped
--          creator_id    varchar
--          name          varchar    of the creator, as typed: hostile until escaped
--          market        varchar
--          published_at  timestamp  UTC
--          views         bigint
--          likes         bigint
--          comments      bigint
--          clicks        bigint
--          like_rate     double     likes of views
--          usual_likes   double     the same, usual
--          talk_rate     double     comments of likes
--          usual_talk    double     the same, usual
--          times         double     how far beyond the usual, the lesser of both
with totals as (
    select
        v.video_id,
        v.title,
        v.creator_id,
        v.published_at,
        c.handle as name,
        c.market,
        sum(d.views) as views,
        sum(d.likes) as likes,
        sum(d.comments) as comments,
        sum(d.product_clicks) as clicks
    from staging.videos as v
    inner join staging.creators as c on v.creator_id = c.creator_id
    inner join staging.video_days as d on v.video_id = d.video_id
    where
        d.day < cast(v.published_at as date) + 12
        and is_chosen(cast($markets as varchar[]), c.market)
    group by
        v.video_id, v.title, v.creator_id, v.published_at, c.handle, c.market
    having sum(d.views) >= 200 and sum(d.likes) >= 20
),

others as (
    select
        *,
        count(*) over of_creator - 1 as video_count,
        sum(views) over of_creator - views as own_views,
        sum(likes) over of_creator - likes as own_likes,
        sum(comments) over of_creator - comments as own_comments,
        sum(views) over of_market - views as market_views,
        sum(likes) over of_market - likes as market_likes,
        sum(comments) over of_market - comments as market_comments
    from totals
    window
        of_creator as (partition by creator_id),
        of_market as (partition by market)
),

rates as (
    select
        *,
        likes / views as like_rate,
        comments / likes as talk_rate,
        if(video_count >= 3, own_likes, market_likes)
        / nullif(if(video_count >= 3, own_views, market_views), 0)
            as usual_likes,
        if(video_count >= 3, own_comments, market_comments)
        / nullif(if(video_count >= 3, own_likes, market_likes), 0)
            as usual_talk
    from others
),

ranked as (
    select
        *,
        least(
            like_rate / nullif(usual_likes, 0),
            usual_talk / greatest(talk_rate, 1.0 / likes)
        ) as times
    from rates
    where usual_talk * likes >= 10
)

select
    video_id,
    title,
    creator_id,
    name,
    market,
    published_at,
    cast(views as bigint) as views,
    cast(likes as bigint) as likes,
    cast(comments as bigint) as comments,
    cast(clicks as bigint) as clicks,
    cast(like_rate as double) as like_rate,
    cast(usual_likes as double) as usual_likes,
    cast(talk_rate as double) as talk_rate,
    cast(usual_talk as double) as usual_talk,
    cast(times as double) as times
from ranked
where times >= 1.5
order by times desc nulls last, video_id asc nulls last
limit $limit
