-- The names of some entities, for a table of others than the one looked at.
--
-- grain:   entity_type, entity_id
-- params:  entity_ids   varchar[]  list
-- returns: entity_type  varchar
--          entity_id    varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
select
    entity_type,
    entity_id,
    name,
    market
from graph.entities
where entity_id in (select unnest(cast($entity_ids as varchar[])))
order by entity_type asc nulls last, entity_id asc nulls last
