-- Known events that may explain a movement: all that touch some days.
--
-- grain:   event_id
-- params:  since      date
--          until      date
-- returns: event_id   varchar
--          kind       varchar
--          title      varchar    as typed: hostile until escaped
--          market     varchar    null = every market
--          starts_at  timestamp
--          ends_at    timestamp
select
    event_id,
    kind,
    title,
    cast(market as varchar) as market,
    starts_at,
    ends_at
from metrics.events
where
    ends_at >= cast($since as date)
    and starts_at < cast($until as date) + 1
order by starts_at asc nulls last, event_id asc nulls last
