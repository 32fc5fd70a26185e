-- Signs of a machine audience in one creator's rooms that ended in a window.
--
-- grain:   live_session_id
-- params:  entity_id       varchar  the creator
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: live_session_id             varchar
--          title                       varchar    as typed
--          started_at                  timestamp  UTC
--          ended_at                    timestamp  UTC
--          views                       bigint     room entries
--          arrival_peak_share          double     entries in the busiest 5 minutes
--          is_device_farm              integer    3 viewers or more per device
--          is_chant                    integer    60 % of comments repeat
--          is_young_crowd              integer    40 % of viewers are new accounts
--          is_uniform_watching         integer    watch times hardly differ
--          is_idle_crowd               integer    3 % of views or less click
--          is_crowd_at_once            integer    40 % were there at one moment
--          machine_signs               integer    how many of the six hold
--          slight_signs                double     the six where machines are few
with final as (
    select
        f.live_session_id,
        f.title,
        f.started_at,
        f.ended_at,
        f.views,
        f.arrival_peak_share,
        f.is_device_farm,
        f.is_chant,
        f.is_young_crowd,
        f.is_uniform_watching,
        f.is_idle_crowd,
        f.is_crowd_at_once,
        f.machine_signs,
        s.slight_signs
    from facts.session_facts as f
    left join windows.session_signs as s
        on f.live_session_id = s.live_session_id
    where
        f.creator_id = $entity_id
        and within(f.day, $as_of, $days)
)

select * from final
order by ended_at desc nulls last, live_session_id desc
