-- One live room and the rooms its host held before it.
--
-- grain:   live_session_id
-- params:  entity_id           varchar    the live session
--          as_of               date       what was known before this day
-- returns: live_session_id     varchar
--          is_this             integer    1 for the room itself
--          title               varchar    as typed
--          ended_at            timestamp  UTC
--          views               bigint     room entries
--          watch_seconds_mean  double     seconds
--          product_clicks      bigint
--          clicks_per_view     double     null below 50 views
with subject as (
    select
        live_session_id,
        creator_id,
        ended_at
    from windows.session_audience
    where live_session_id = $entity_id and end_day < $as_of
),

final as (
    select
        a.live_session_id,
        case when a.live_session_id = t.live_session_id then 1 else 0 end
            as is_this,
        s.title,
        s.ended_at,
        s.views,
        s.watch_seconds_mean,
        s.product_clicks,
        rate(s.product_clicks, s.views, least_views()) as clicks_per_view
    from windows.session_audience as a
    inner join subject as t on a.creator_id = t.creator_id
    inner join staging.live_sessions as s
        on a.live_session_id = s.live_session_id
    where
        a.ended_at < t.ended_at
        or (
            a.ended_at = t.ended_at
            and a.live_session_id <= t.live_session_id
        )
)

select * from final
order by ended_at desc nulls last, live_session_id desc nulls last
