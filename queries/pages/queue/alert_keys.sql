-- Whoever has an alert: whose cases the queue asks the casebook for.
--
-- grain:   entity_key
-- params:  none
-- returns: entity_key  varchar  type:id
select distinct entity_type || ':' || entity_id as entity_key
from alerts.alerts
order by entity_key asc nulls last
