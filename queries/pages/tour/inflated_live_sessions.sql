-- Creators with a live session that many entered and nobody watched.
--
-- A session is hollow when comments repeat, everybody stays equally long and
-- viewers are young accounts: each alone is common, all three are not.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id        varchar
--          from_day         date
--          to_day           date     the same day
--          views            bigint   room entries
--          usual_views      double   median of the creator's sessions
--          peak             bigint   viewers at once
--          watch_seconds    double   mean
--          watch_variation  double   deviation over mean
--          comments         bigint
--          distinct_share   double   of comments
--          young_share      double   of viewers, under 30 days old
--          click_share      double   product clicks over views
--          orders           bigint   placed in the session
with sessions as (
    select
        *,
        median(views) over (partition by creator_id) as usual_views,
        (1.0 - distinct_comments / nullif(comments, 0.0))
        * (1.0 - watch_seconds_sd / nullif(watch_seconds_mean, 0.0))
        * (young_viewers / nullif(unique_viewers, 0.0)) as hollowness
    from staging.live_sessions
),

hollow_sessions as (
    select *
    from sessions
    where
        views >= 100
        and distinct_comments < 0.5 * comments
        and watch_seconds_sd < 0.5 * watch_seconds_mean
        and young_viewers >= 0.3 * unique_viewers
    qualify
        row_number() over (
            partition by creator_id
            order by hollowness desc nulls last, live_session_id asc nulls last
        ) = 1
),

order_counts as (
    select
        live_session_id,
        count(*) as orders
    from staging.orders
    group by live_session_id
)

select
    s.creator_id as entity_id,
    s.day as from_day,
    s.day as to_day,
    s.views,
    cast(s.usual_views as double) as usual_views,
    s.peak_concurrent as peak,
    s.watch_seconds_mean as watch_seconds,
    s.watch_seconds_sd / nullif(s.watch_seconds_mean, 0.0) as watch_variation,
    s.comments,
    cast(s.distinct_comments as double) / nullif(s.comments, 0)
        as distinct_share,
    cast(s.young_viewers as double) / nullif(s.unique_viewers, 0)
        as young_share,
    cast(s.product_clicks as double) / nullif(s.views, 0) as click_share,
    coalesce(b.orders, 0) as orders
from hollow_sessions as s
left join order_counts as b on s.live_session_id = b.live_session_id
order by s.hollowness desc nulls last, s.creator_id asc nulls last
limit $limit
