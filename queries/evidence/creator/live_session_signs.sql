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
with final as (
    select
        live_session_id,
        title,
        started_at,
        ended_at,
        views,
        arrival_peak_share,
        is_device_farm,
        is_chant,
        is_young_crowd,
        is_uniform_watching,
        is_idle_crowd,
        is_crowd_at_once,
        machine_signs
    from facts.session_facts
    where
        creator_id = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by ended_at desc nulls last, live_session_id desc
