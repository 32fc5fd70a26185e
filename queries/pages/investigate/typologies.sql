-- How strongly each known scheme fits one entity, the one it is taken for first.
--
-- grain:   typology
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: typology    varchar  pack code
--          strength    double   0..1
--          is_primary  boolean
select
    typology,
    cast(strength as double) as strength,
    is_primary
from scores.typologies
where entity_type = $entity_type and entity_id = $entity_id
qualify as_of = max(as_of) over ()
order by
    is_primary desc nulls last,
    strength desc nulls last,
    typology asc nulls last
