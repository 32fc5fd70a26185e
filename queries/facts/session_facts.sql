-- Each live session with the signs of a machine audience that it shows.
--
-- A session counts on the day it ended, when its figures became known. One sign
-- alone is common among honest rooms; several in one room are not.
--
-- grain:   live_session_id
-- params:  none
-- returns: live_session_id      varchar
--          creator_id           varchar
--          title                varchar    as typed
--          started_at           timestamp  UTC
--          ended_at             timestamp  UTC
--          day                  date       UTC day it ended
--          views                bigint     room entries
--          arrival_peak_share   double     entries in its busiest 5 minutes; null under 100
--          is_device_farm       integer    1 when 3 viewers or more per device
--          is_chant             integer    1 when 60 % of comments repeat
--          is_young_crowd       integer    1 when 40 % of viewers are new accounts
--          is_uniform_watching  integer    1 when watch times hardly differ
--          is_idle_crowd        integer    1 when 3 % of views or less click
--          is_crowd_at_once     integer    1 when 40 % were there at one moment
--          machine_signs        integer    how many of these six hold
with arrival_blocks as (
    select
        live_session_id,
        floor(minute / 5.0) as block,
        cast(sum(joins) as double) as joins
    from staging.engagement_minutes
    group by live_session_id, floor(minute / 5.0)
),

arrival_peaks as (
    select
        live_session_id,
        case
            when sum(joins) >= 100.0 then max(joins) / sum(joins)
        end as arrival_peak_share
    from arrival_blocks
    group by live_session_id
),

signs as (
    select
        s.live_session_id,
        s.creator_id,
        s.title,
        s.started_at,
        s.ended_at,
        cast(s.ended_at as date) as day,
        s.views,
        p.arrival_peak_share,
        case
            when s.unique_viewers >= 3.0 * s.viewer_devices then 1
            else 0
        end as is_device_farm,
        case
            when s.comments >= 10 and s.distinct_comments <= 0.4 * s.comments
                then 1
            else 0
        end as is_chant,
        case
            when s.young_viewers >= 0.4 * s.unique_viewers then 1
            else 0
        end as is_young_crowd,
        case
            when s.watch_seconds_sd <= 0.55 * s.watch_seconds_mean then 1
            else 0
        end as is_uniform_watching,
        case
            when s.product_clicks <= 0.03 * s.views then 1
            else 0
        end as is_idle_crowd,
        case
            when s.peak_concurrent >= 0.4 * s.views then 1
            else 0
        end as is_crowd_at_once
    from staging.live_sessions as s
    left join arrival_peaks as p on s.live_session_id = p.live_session_id
    where s.views >= least_views()
),

final as (
    select
        *,
        is_device_farm + is_chant + is_young_crowd + is_uniform_watching
        + is_idle_crowd + is_crowd_at_once as machine_signs
    from signs
)

select * from final
