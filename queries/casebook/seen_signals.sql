-- Which signals of the packs fired for some subjects when somebody decided.
--
-- grain:   entity_key, typology, code
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key  varchar  type:id
--          typology    varchar
--          code        varchar  signal code inside the pack
--          severity    double
select
    k.entity_key,
    s.typology,
    s.code,
    cast(s.severity as double) as severity
from subjects_of($keys) as k
inner join scores.signals as s
    on k.entity_type = s.entity_type and k.entity_id = s.entity_id
qualify s.as_of = max(s.as_of) over (partition by k.entity_key)
order by k.entity_key asc, severity desc nulls last, s.typology asc, s.code asc
