-- Names and markets of some subjects, for a list of them.
--
-- grain:   entity_key
-- params:  keys        varchar[]  of `type:id`
-- returns: entity_key  varchar
--          name        varchar    as typed: hostile until escaped
--          market      varchar
select
    entity_type || ':' || entity_id as entity_key,
    name,
    market
from graph.entities
where list_contains(cast($keys as varchar[]), entity_type || ':' || entity_id)
order by entity_key asc nulls last
