-- Every entity that has an alert: the keys to ask the casebook about.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type  varchar
--          entity_id    varchar
select distinct
    entity_type,
    entity_id
from alerts.alerts
order by entity_type asc nulls last, entity_id asc nulls last
