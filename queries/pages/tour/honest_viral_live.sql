-- An honest creator whose live session went viral and kept its audience.
--
-- grain:   entity_id
-- params:  day    bigint  prefer one of this day, counted from the first
--          limit  bigint
-- returns: entity_id        varchar
--          from_day         date
--          to_day           date
--          views            bigint   room entries
--          usual_views      double   median of the creator's sessions
--          watch_seconds    double   mean
--          watch_variation  double   deviation over mean
--          distinct_share   double   of comments
--          young_share      double   of viewers, under 30 days old
--          click_share      double   product clicks over views
--          orders           bigint   placed in the session
with target_day as (
    select min(day) + cast($day as integer) as day
    from staging.orders
),

sessions as (
    select
        *,
        creator_id as entity_id,
        median(views) over (partition by creator_id) as usual_views,
        count(*) over (partition by creator_id) as session_count,
        row_number() over (
            partition by creator_id
            order by views desc nulls last, live_session_id asc nulls last
        ) as place
    from staging.live_sessions
),

order_counts as (
    select
        live_session_id,
        count(*) as orders
    from staging.orders
    group by live_session_id
)

select
    f.entity_id,
    f.day as from_day,
    f.day as to_day,
    f.views,
    cast(f.usual_views as double) as usual_views,
    f.watch_seconds_mean as watch_seconds,
    f.watch_seconds_sd / nullif(f.watch_seconds_mean, 0.0) as watch_variation,
    cast(f.distinct_comments as double) / nullif(f.comments, 0)
        as distinct_share,
    cast(f.young_viewers as double) / nullif(f.unique_viewers, 0)
        as young_share,
    cast(f.product_clicks as double) / nullif(f.views, 0) as click_share,
    coalesce(b.orders, 0) as orders
from sessions as f
cross join target_day as w
left join order_counts as b on f.live_session_id = b.live_session_id
where
    f.session_count >= 5
    and f.views >= 5.0 * f.usual_views
    and f.place = 1
    and f.watch_seconds_sd > 0.4 * f.watch_seconds_mean
    and f.distinct_comments > 0.5 * f.comments
order by
    f.day between w.day - 1 and w.day + 1 desc nulls last,
    f.views / nullif(f.usual_views, 0.0) desc nulls last,
    f.entity_id asc nulls last
limit $limit
