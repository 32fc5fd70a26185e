-- The real entities of one type that look-alikes and changes are measured against.
--
-- grain:   entity_id
-- params:  entity_type  varchar
-- returns: entity_id  varchar
--          outcome    varchar  confirmed | cleared | ordinary
select
    entity_id,
    outcome
from explanations.reference
where entity_type = $entity_type
order by entity_id asc nulls last
