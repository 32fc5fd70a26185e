-- How strongly each known scheme fits some entities, the one each is taken for first.
--
-- grain:   entity_key, typology
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key  varchar  type:id
--          typology    varchar  pack code
--          strength    double   0..1
--          is_primary  boolean
select
    k.entity_key,
    t.typology,
    cast(t.strength as double) as strength,
    t.is_primary
from subjects_of($keys) as k
inner join scores.typologies as t
    on k.entity_type = t.entity_type and k.entity_id = t.entity_id
qualify t.as_of = max(t.as_of) over (partition by k.entity_key)
order by
    k.entity_key asc nulls last,
    is_primary desc nulls last,
    strength desc nulls last,
    typology asc nulls last
