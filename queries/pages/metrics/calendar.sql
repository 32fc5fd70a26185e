-- Known events inside a period, of the chosen markets or of every market.
--
-- grain:   event_id
-- params:  since    date
--          until    date
--          markets  varchar[]  list, empty = every
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
    cast(starts_at as timestamp) as starts_at,
    cast(ends_at as timestamp) as ends_at
from metrics.events
where
    ends_at >= cast($since as date)
    and starts_at < cast($until as date) + 1
    and (
        market is null
        or len(cast($markets as varchar[])) = 0
        or list_contains(cast($markets as varchar[]), market)
    )
order by starts_at asc nulls last, event_id asc nulls last
