-- The six signs of a machine audience, measured in one live room.
--
-- grain:   sign
-- params:  entity_id  varchar  the live session
--          as_of      date     what was known before this day
-- returns: sign       varchar  what is looked for
--          measured   double   null = too little to say
--          bound      double   where it begins to count
--          holds      integer  1 when it does
with room as (
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
        and views >= 50.0
),

signs as (
    select
        'viewers per device, at least' as sign,
        viewers_per_device as measured,
        1.5 as bound,
        viewers_per_device >= 1.5 as is_met
    from room
    union all
    select
        'distinct share of comments, at most' as sign,
        distinct_comment_share as measured,
        0.45 as bound,
        distinct_comment_share <= 0.45 as is_met
    from room
    union all
    select
        'share of viewers under 30 days old, at least' as sign,
        young_viewer_share as measured,
        0.3 as bound,
        young_viewer_share >= 0.3 as is_met
    from room
    union all
    select
        'spread of watch time, at most' as sign,
        watch_variation as measured,
        0.6 as bound,
        watch_variation <= 0.6 as is_met
    from room
    union all
    select
        'clicks per view, at most' as sign,
        clicks_per_view as measured,
        0.035 as bound,
        clicks_per_view <= 0.035 as is_met
    from room
    union all
    select
        'there at one moment, at least (or 0.3 came in 5 minutes)' as sign,
        greatest(peak_view_share, arrival_peak_share) as measured,
        0.25 as bound,
        peak_view_share >= 0.25 or arrival_peak_share >= 0.3 as is_met
    from room
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
