-- Known events of one market that move metrics without being an attack.
--
-- grain:   event_id
-- params:  market  varchar
--          since   date
-- returns: event_id   varchar
--          kind       varchar
--          title      varchar    as typed: hostile until escaped
--          starts_at  timestamp
--          ends_at    timestamp
select
    event_id,
    kind,
    title,
    cast(starts_at as timestamp) as starts_at,
    cast(ends_at as timestamp) as ends_at
from metrics.events
where
    (market is null or market = $market)
    and ends_at >= cast($since as date)
order by starts_at asc nulls last, event_id asc nulls last
