-- How many of six signs of a machine audience each live session shows.
--
-- Any one sign is common among honest sessions; several in one are not. Where machines
-- are a minority of the room its averages are mostly honest: a second, lower bound for
-- each sign counts those rooms in, which says something beside another fact only.
--
-- grain:   live_session_id
-- params:  none
-- returns: live_session_id  varchar
--          creator_id       varchar
--          end_day          date     UTC day it ended
--          crowd_signs      double   of six
--          slight_signs     double   of six, by the lower bounds
with final as (
    select
        s.live_session_id,
        l.creator_id,
        s.end_day,
        number(
            flag(s.viewers_per_device >= machine_viewers_per_device())
            + flag(s.distinct_comment_share <= machine_distinct_comment_share())
            + flag(s.young_viewer_share >= machine_young_viewer_share())
            + flag(s.watch_variation <= machine_watch_variation())
            + flag(s.clicks_per_view <= machine_clicks_per_view())
            + flag(
                s.peak_view_share >= machine_peak_view_share()
                or s.arrival_peak_share >= machine_arrival_share()
            )
        ) as crowd_signs,
        number(
            flag(s.viewers_per_device >= slight_viewers_per_device())
            + flag(s.distinct_comment_share <= slight_distinct_comment_share())
            + flag(s.young_viewer_share >= slight_young_viewer_share())
            + flag(s.watch_variation <= slight_watch_variation())
            + flag(s.clicks_per_view <= slight_clicks_per_view())
            + flag(s.peak_view_share >= slight_peak_view_share())
        ) as slight_signs
    from windows.session_rates as s
    inner join staging.live_sessions as l
        on s.live_session_id = l.live_session_id
    where s.views >= least_views()
)

select * from final
