-- Whoever stands in the unproven lane: whose cases it asks the casebook for.
--
-- grain:   entity_key
-- params:  none
-- returns: entity_key  varchar  type:id
select distinct entity_type || ':' || entity_id as entity_key
from scores.anomalies
where is_surfaced
order by entity_key asc nulls last
