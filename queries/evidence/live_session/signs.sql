-- The six signs of a machine audience, measured in one live room.
--
-- grain:   sign
-- params:  entity_id     varchar  the live session
--          as_of         date     what was known before this day
-- returns: sign          varchar  what is looked for
--          measured      double   null = too little to say
--          bound         double   where it begins to count
--          holds         integer  1 when it does
--          slight_bound  double   where it begins to count as slight
--          is_slight     integer  1 when it does
with live_session as (
    select
        viewers_per_device,
        distinct_comment_share,
        young_viewer_share,
        watch_variation,
        clicks_per_view,
        peak_view_share,
        arrival_peak_share
    from features.live_session
    where
        live_session_id = $entity_id
        and as_of = $as_of
        and views >= least_views()
),

signs as (
    select
        'viewers per device, at least' as sign,
        viewers_per_device as measured,
        machine_viewers_per_device() as bound,
        viewers_per_device >= machine_viewers_per_device() as is_met,
        slight_viewers_per_device() as slight_bound,
        viewers_per_device >= slight_viewers_per_device()
            as is_slight
    from live_session
    union all
    select
        'distinct share of comments, at most' as sign,
        distinct_comment_share as measured,
        machine_distinct_comment_share() as bound,
        distinct_comment_share <= machine_distinct_comment_share()
            as is_met,
        slight_distinct_comment_share() as slight_bound,
        distinct_comment_share <= slight_distinct_comment_share()
            as is_slight
    from live_session
    union all
    select
        'share of viewers under 30 days old, at least' as sign,
        young_viewer_share as measured,
        machine_young_viewer_share() as bound,
        young_viewer_share >= machine_young_viewer_share() as is_met,
        slight_young_viewer_share() as slight_bound,
        young_viewer_share >= slight_young_viewer_share()
            as is_slight
    from live_session
    union all
    select
        'spread of watch time, at most' as sign,
        watch_variation as measured,
        machine_watch_variation() as bound,
        watch_variation <= machine_watch_variation() as is_met,
        slight_watch_variation() as slight_bound,
        watch_variation <= slight_watch_variation()
            as is_slight
    from live_session
    union all
    select
        'clicks per view, at most' as sign,
        clicks_per_view as measured,
        machine_clicks_per_view() as bound,
        clicks_per_view <= machine_clicks_per_view() as is_met,
        slight_clicks_per_view() as slight_bound,
        clicks_per_view <= slight_clicks_per_view()
            as is_slight
    from live_session
    union all
    select
        'there at one moment, at least (or 0.3 came in 5 minutes)' as sign,
        greatest(peak_view_share, arrival_peak_share) as measured,
        machine_peak_view_share() as bound,
        peak_view_share >= machine_peak_view_share()
        or arrival_peak_share >= machine_arrival_share() as is_met,
        slight_peak_view_share() as slight_bound,
        peak_view_share >= slight_peak_view_share()
            as is_slight
    from live_session
),

final as (
    select
        sign,
        measured,
        cast(bound as double) as bound,
        flag(is_met) as holds,
        cast(slight_bound as double) as slight_bound,
        flag(is_slight) as is_slight
    from signs
)

select * from final
order by holds desc nulls last, is_slight desc nulls last, sign asc nulls last
