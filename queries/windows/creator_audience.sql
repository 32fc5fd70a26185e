-- What each creator's audience did before each snapshot.
--
-- A session counts on the day it ended, when its figures became known. Sums are
-- exact decimals, so that the order of adding never shows.
--
-- grain:   creator_id, as_of
-- params:  none
-- returns: creator_id                  varchar
--          as_of                       date
--          live_sessions_30d           double   sessions
--          live_views_30d              double   room entries
--          watch_seconds_30d           double   seconds per room entry
--          watch_variation_30d         double   sd / mean of watch time
--          distinct_comment_share_30d  double   share of comments
--          comments_per_view_30d       double   comments per room entry
--          young_viewer_share_30d      double   share of viewers
--          viewers_per_device_30d      double   accounts per device
--          clicks_per_view_30d         double   clicks per room entry
--          follows_per_view_30d        double   follows per room entry
--          peak_view_share_30d         double   peak / room entries
--          slot_fee_usd_30d            double   USD
--          video_views_30d             double   plays
--          followers                   double   accounts, day before as_of
--          follower_growth_7d          double   share of 7 days before
--          follower_growth_30d         double   share of 30 days before
--          follower_loss_14d           double   share of the 14-day peak
with subjects as (
    select
        c.creator_id,
        s.as_of
    from staging.creators as c
    inner join facts.snapshots as s
        on
            s.entity_type = 'creator'
            and c.registered_at < cast(s.as_of as timestamp)
),

session_days as (
    select
        creator_id,
        cast(ended_at as date) as day,
        cast(count(*) as double) as sessions,
        cast(sum(views) as double) as views,
        cast(sum(cast(watch_seconds_mean * views as decimal(18, 6))) as double)
            as watch_seconds,
        cast(sum(cast(watch_seconds_sd * views as decimal(18, 6))) as double)
            as watch_sd,
        cast(sum(comments) as double) as comments,
        cast(sum(distinct_comments) as double) as distinct_comments,
        cast(sum(young_viewers) as double) as young_viewers,
        cast(sum(unique_viewers) as double) as viewers,
        cast(sum(viewer_devices) as double) as devices,
        cast(sum(product_clicks) as double) as clicks,
        cast(sum(follows) as double) as follows,
        cast(sum(peak_concurrent) as double) as peaks,
        cast(sum(cast(slot_fee_usd as decimal(18, 6))) as double)
            as slot_fee_usd
    from staging.live_sessions
    group by creator_id, cast(ended_at as date)
),

sessions as (
    select
        d.creator_id,
        s.as_of,
        sum(d.sessions) as sessions,
        sum(d.views) as views,
        cast(sum(cast(d.watch_seconds as decimal(18, 6))) as double)
            as watch_seconds,
        cast(sum(cast(d.watch_sd as decimal(18, 6))) as double) as watch_sd,
        sum(d.comments) as comments,
        sum(d.distinct_comments) as distinct_comments,
        sum(d.young_viewers) as young_viewers,
        sum(d.viewers) as viewers,
        sum(d.devices) as devices,
        sum(d.clicks) as clicks,
        sum(d.follows) as follows,
        sum(d.peaks) as peaks,
        cast(sum(cast(d.slot_fee_usd as decimal(18, 6))) as double)
            as slot_fee_usd
    from session_days as d
    inner join facts.snapshots as s
        on
            s.entity_type = 'creator'
            and within(d.day, s.as_of, 30)
    group by d.creator_id, s.as_of
),

video_plays as (
    select
        v.creator_id,
        d.day,
        sum(d.views) as views
    from staging.video_days as d
    inner join staging.videos as v on d.video_id = v.video_id
    group by v.creator_id, d.day
),

videos as (
    select
        p.creator_id,
        s.as_of,
        cast(sum(p.views) as double) as views
    from video_plays as p
    inner join facts.snapshots as s
        on
            s.entity_type = 'creator'
            and within(p.day, s.as_of, 30)
    group by p.creator_id, s.as_of
),

followers as (
    select
        d.creator_id,
        s.as_of,
        cast(max(d.followers) filter (where s.as_of - d.day = 1) as double)
            as now,
        cast(max(d.followers) filter (where s.as_of - d.day = 8) as double)
            as week_ago,
        cast(max(d.followers) filter (where s.as_of - d.day = 31) as double)
            as month_ago,
        cast(max(d.followers) filter (where s.as_of - d.day <= 14) as double)
            as peak
    from staging.creator_days as d
    inner join facts.snapshots as s
        on
            s.entity_type = 'creator'
            and within(d.day, s.as_of, 31)
    group by d.creator_id, s.as_of
),

final as (
    select
        t.creator_id,
        t.as_of,
        coalesce(s.sessions, 0.0) as live_sessions_30d,
        coalesce(s.views, 0.0) as live_views_30d,
        s.watch_seconds / nullif(s.views, 0.0) as watch_seconds_30d,
        s.watch_sd / nullif(s.watch_seconds, 0.0)
            as watch_variation_30d,
        s.distinct_comments / nullif(s.comments, 0.0)
            as distinct_comment_share_30d,
        s.comments / nullif(s.views, 0.0) as comments_per_view_30d,
        s.young_viewers / nullif(s.viewers, 0.0) as young_viewer_share_30d,
        s.viewers / nullif(s.devices, 0.0) as viewers_per_device_30d,
        s.clicks / nullif(s.views, 0.0) as clicks_per_view_30d,
        s.follows / nullif(s.views, 0.0) as follows_per_view_30d,
        s.peaks / nullif(s.views, 0.0) as peak_view_share_30d,
        coalesce(s.slot_fee_usd, 0.0) as slot_fee_usd_30d,
        coalesce(v.views, 0.0) as video_views_30d,
        f.now as followers,
        f.now / nullif(f.week_ago, 0.0) - 1.0 as follower_growth_7d,
        f.now / nullif(f.month_ago, 0.0) - 1.0 as follower_growth_30d,
        1.0 - f.now / nullif(f.peak, 0.0) as follower_loss_14d
    from subjects as t
    left join sessions as s
        on t.creator_id = s.creator_id and t.as_of = s.as_of
    left join videos as v
        on t.creator_id = v.creator_id and t.as_of = v.as_of
    left join followers as f
        on t.creator_id = f.creator_id and t.as_of = f.as_of
)

select * from final
