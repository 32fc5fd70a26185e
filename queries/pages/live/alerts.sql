-- Live alerts, the newest first: what the lane opened and what a build said of it.
--
-- Read from the record of the live lane, never from a build.
--
-- grain:   alert_id
-- params:  none
-- returns: alert_id        varchar
--          entity_type     varchar
--          entity_id       varchar
--          name            varchar    as typed
--          market          varchar
--          typology        varchar    pack code
--          strength        double     0..1 of the signals of its typology
--          event_at        timestamp  latest event that touched it
--          opened_at       timestamp
--          state           varchar    open, confirmed or withdrawn
--          settled_reason  varchar    sentence; null = open
--          signals         varchar[]  what speaks against it, in words
with reasons as (
    select
        alert_id,
        array_agg(text order by severity desc, code asc) as signals
    from live.signals
    group by alert_id
)

select
    a.alert_id,
    a.entity_type,
    a.entity_id,
    a.name,
    a.market,
    a.typology,
    a.strength,
    a.event_at,
    a.opened_at,
    a.state,
    a.settled_reason,
    r.signals
from live.alerts as a
left join reasons as r on a.alert_id = r.alert_id
order by
    a.state = 'open' desc,
    a.opened_at desc nulls last,
    a.alert_id asc
