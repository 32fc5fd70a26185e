-- Creators with a live session that many entered and nobody watched.
--
-- A session is hollow when comments repeat, everybody stays equally long and
-- viewers are young accounts: each alone is common, all three are not. Usual is the
-- median room of the hosts of the same market and category who have no hollow room:
-- the own rooms of a host who buys viewers are no measure. Fuller ones come first.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id        varchar
--          from_day         date
--          to_day           date     the same day
--          views            bigint   room entries
--          usual_views      double   median of such hosts' rooms
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
        s.*,
        c.market,
        c.category,
        (1.0 - s.distinct_comments / nullif(s.comments, 0.0))
        * (1.0 - s.watch_seconds_sd / nullif(s.watch_seconds_mean, 0.0))
        * (s.young_viewers / nullif(s.unique_viewers, 0.0)) as hollowness,
        s.views >= 100
        and s.distinct_comments < 0.5 * s.comments
        and s.watch_seconds_sd < 0.5 * s.watch_seconds_mean
        and s.young_viewers >= 0.3 * s.unique_viewers as is_hollow
    from staging.live_sessions as s
    inner join staging.creators as c on s.creator_id = c.creator_id
),

hollow_hosts as (
    select distinct creator_id
    from sessions
    where is_hollow
),

usual_sessions as (
    select
        market,
        category,
        median(views) as usual_views
    from sessions
    where creator_id not in (select h.creator_id from hollow_hosts as h)
    group by market, category
),

hollow_sessions as (
    select
        s.*,
        u.usual_views,
        s.views > u.usual_views as is_full
    from sessions as s
    left join usual_sessions as u
        on s.market = u.market and s.category = u.category
    where s.is_hollow
    qualify
        row_number() over (
            partition by s.creator_id
            order by
                is_full desc nulls last,
                s.hollowness desc nulls last,
                s.live_session_id asc nulls last
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
order by
    s.is_full desc nulls last,
    s.hollowness desc nulls last,
    s.creator_id asc nulls last
limit $limit
