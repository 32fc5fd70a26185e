-- The markets of some subjects: who is not in the data has no row.
--
-- grain:   entity_key
-- params:  keys        varchar[]  of `type:id`
-- returns: entity_key  varchar
--          market      varchar
select
    entity_type || ':' || entity_id as entity_key,
    market
from graph.entities
where list_contains(cast($keys as varchar[]), entity_type || ':' || entity_id)
