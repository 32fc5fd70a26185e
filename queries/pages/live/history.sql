-- The live alerts that one subject had, the newest first, and what builds said of them.
--
-- grain:   alert_id
-- params:  entity_type     varchar
--          entity_id       varchar
-- returns: alert_id        varchar
--          typology        varchar    pack code
--          opened_at       timestamp
--          state           varchar    open, confirmed or withdrawn
--          settled_at      timestamp  null = open
--          settled_reason  varchar    sentence; null = open
select
    alert_id,
    typology,
    opened_at,
    state,
    settled_at,
    settled_reason
from live.alerts
where
    entity_type = $entity_type
    and entity_id = $entity_id
order by
    opened_at desc nulls last,
    alert_id asc
