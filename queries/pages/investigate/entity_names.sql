-- The names of some entities of one type, for a table of look-alikes.
--
-- grain:   entity_id
-- params:  entity_type  varchar
--          entity_ids   varchar[]  list
-- returns: entity_id  varchar
--          name       varchar  as typed: hostile until escaped
--          market     varchar
select
    entity_id,
    name,
    market
from graph.entities
where
    entity_type = $entity_type
    and list_contains(cast($entity_ids as varchar[]), entity_id)
order by entity_id asc nulls last
