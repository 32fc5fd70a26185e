-- How each live session drew its audience and what that did, known when it ended.
--
-- A session lasts hours: its short windows are its busiest five minutes and its first
-- thirty, its past and its peers are sessions. Too little is null, never 0.
--
-- grain:   live_session_id
-- params:  none
-- returns: live_session_id         varchar
--          end_day                 date     UTC day it ended
--          product_clicks          bigint   clicks on what it showed
--          host_age_days           double   days since the host registered
--          views                   double   room entries
--          enter_rate              double   entries / showings
--          hours_live              double   hours
--          watch_seconds           double   seconds per entry
--          watch_variation         double   sd / mean of watch time
--          distinct_comment_share  double   share of comments
--          comments_per_view       double   comments per entry
--          young_viewer_share      double   viewers under 30 days old
--          viewers_per_device      double   accounts per device
--          clicks_per_view         double   product clicks per entry
--          follows_per_view        double   new followers per entry
--          peak_view_share         double   most at once / entries
--          slot_fee_usd            double   USD
--          arrival_peak_share      double   entries in its busiest 5 minutes
--          arrival_fano            double   variance / mean per minute
--          arrival_variation       double   sd / mean after 10 minutes
--          comment_entropy         double   0 = one text, 1 = all differ
--          script_comment_share    double   sentences of a few hosts only
--          comments_per_account    double   comments per account
--          shill_accounts          double   seen in 3 rooms of 2 hosts
--          own_live_sessions               double   rooms of the host before
--          views_own_z             double   sd from the host's own
--          watch_own_z             double   sd from the host's own
--          clicks_own_z            double   sd from the host's own
--          views_peer_z            double   sd from peers
--          watch_peer_z            double   sd from peers
--          clicks_peer_z           double   sd from peers
with sessions as (
    select
        s.live_session_id,
        a.end_day,
        s.product_clicks,
        greatest(
            date_diff('minute', c.registered_at, s.started_at) / 1440.0, 0.0
        ) as host_age_days,
        cast(s.views as double) as views,
        s.views / cast(nullif(s.impressions, 0) as double) as enter_rate,
        date_diff('minute', s.started_at, s.ended_at) / 60.0 as hours_live,
        s.watch_seconds_mean as watch_seconds,
        enough(
            s.watch_seconds_sd / nullif(s.watch_seconds_mean, 0.0),
            s.views,
            least_views()
        ) as watch_variation,
        rate(s.distinct_comments, s.comments, 10) as distinct_comment_share,
        rate(s.comments, s.views, least_views()) as comments_per_view,
        rate(s.young_viewers, s.unique_viewers, 20) as young_viewer_share,
        enough(
            s.unique_viewers / nullif(s.viewer_devices, 0),
            s.unique_viewers,
            20
        ) as viewers_per_device,
        rate(s.product_clicks, s.views, least_views()) as clicks_per_view,
        rate(s.follows, s.views, least_views()) as follows_per_view,
        rate(s.peak_concurrent, s.views, least_views()) as peak_view_share,
        s.slot_fee_usd,
        a.arrival_peak_share,
        a.arrival_fano,
        a.arrival_variation,
        a.comment_entropy,
        a.script_comment_share,
        enough(
            a.account_comments / a.comment_accounts, a.account_comments, 5
        ) as comments_per_account,
        cast(a.shill_accounts as double) as shill_accounts
    from staging.live_sessions as s
    inner join windows.session_audience as a
        on s.live_session_id = a.live_session_id
    inner join staging.creators as c on s.creator_id = c.creator_id
),

final as (
    select
        s.live_session_id,
        s.end_day,
        s.product_clicks,
        s.host_age_days,
        s.views,
        s.enter_rate,
        s.hours_live,
        s.watch_seconds,
        s.watch_variation,
        s.distinct_comment_share,
        s.comments_per_view,
        s.young_viewer_share,
        s.viewers_per_device,
        s.clicks_per_view,
        s.follows_per_view,
        s.peak_view_share,
        s.slot_fee_usd,
        s.arrival_peak_share,
        s.arrival_fano,
        s.arrival_variation,
        s.comment_entropy,
        s.script_comment_share,
        s.comments_per_account,
        s.shill_accounts,
        b.own_live_sessions,
        b.views_own_z,
        b.watch_own_z,
        b.clicks_own_z,
        b.views_peer_z,
        b.watch_peer_z,
        b.clicks_peer_z
    from sessions as s
    inner join windows.session_baselines as b
        on s.live_session_id = b.live_session_id
)

select * from final
