-- The last day on which entities of one type were described.
--
-- grain:   as_of
-- params:  entity_type  varchar
-- returns: as_of  date
select max(as_of) as as_of
from features.snapshots
where entity_type = $entity_type
