-- The six signs of a machine audience, measured in one live room.
--
-- grain:   sign
-- params:  entity_id  varchar  the live session
--          as_of      date     what was known before this day
-- returns: sign       varchar  what is looked for
--          measured   double   null = too little to say
--          bound      double   where it begins to count
--          holds      integer  1 when it does
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
        viewers_per_device >= machine_viewers_per_device() as is_met
    from live_session
    union all
    select
        'distinct share of comments, at most' as sign,
        distinct_comment_share as measured,
        machine_distinct_comment_share() as bound,
        distinct_comment_share <= machine_distinct_comment_share()
            as is_met
    from live_session
    union all
    select
        'share of viewers under 30 days old, at least' as sign,
        young_viewer_share as measured,
        machine_young_viewer_share() as bound,
        young_viewer_share >= machine_young_viewer_share() as is_met
    from live_session
    union all
    select
        'spread of watch time, at most' as sign,
        watch_variation as measured,
        machine_watch_variation() as bound,
        watch_variation <= machine_watch_variation() as is_met
    from live_session
    union all
    select
        'clicks per view, at most' as sign,
        clicks_per_view as measured,
        machine_clicks_per_view() as bound,
        clicks_per_view <= machine_clicks_per_view() as is_met
    from live_session
    union all
    select
        'there at one moment, at least (or 0.3 came in 5 minutes)' as sign,
        greatest(peak_view_share, arrival_peak_share) as measured,
        machine_peak_view_share() as bound,
        peak_view_share >= machine_peak_view_share()
        or arrival_peak_share >= machine_arrival_share() as is_met
    from live_session
),

final as (
    select
        sign,
        measured,
        cast(bound as double) as bound,
        case when is_met then 1 else 0 end as holds
    from signs
)

select * from final
order by holds desc nulls last, sign asc nulls last
