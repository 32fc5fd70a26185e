-- Which signals of the packs fire for one entity.
--
-- grain:   typology, code
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: typology  varchar
--          code      varchar  signal code inside the pack
--          severity  double
select
    typology,
    code,
    cast(severity as double) as severity
from scores.signals
where entity_type = $entity_type and entity_id = $entity_id
qualify as_of = max(as_of) over ()
order by severity desc nulls last, typology asc nulls last, code asc nulls last
