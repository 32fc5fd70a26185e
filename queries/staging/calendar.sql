-- Known events that move metrics without being an attack.
--
-- grain:   event_id
-- params:  none
-- returns: event_id   varchar    evt_...
--          kind       varchar
--          title      varchar
--          market     varchar    null = every market
--          starts_at  timestamp
--          ends_at    timestamp
with source as (
    select * from raw.calendar
),

final as (
    select
        cast(event_id as varchar) as event_id,
        cast(kind as varchar) as kind,
        cast(title as varchar) as title,
        cast(market as varchar) as market,
        cast(starts_at as timestamp) as starts_at,
        cast(ends_at as timestamp) as ends_at
    from source
)

select * from final
