-- Who hosted one live room.
--
-- grain:   creator_id
-- params:  entity_id      varchar    the live session
--          as_of          date       what was known before this day
-- returns: creator_id     varchar
--          handle         varchar    as typed
--          market         varchar
--          category       varchar
--          registered_at  timestamp  UTC
--          started_at     timestamp  UTC, of the room
--          age_days       double     days from one to the other
with final as (
    select
        c.creator_id,
        c.handle,
        c.market,
        c.category,
        c.registered_at,
        s.started_at,
        greatest(
            date_diff('minute', c.registered_at, s.started_at) / 1440.0, 0.0
        ) as age_days
    from staging.live_sessions as s
    inner join staging.creators as c on s.creator_id = c.creator_id
    where
        s.live_session_id = $entity_id
        and cast(s.ended_at as date) < $as_of
)

select * from final
