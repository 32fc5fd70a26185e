-- What the signals that speak against entities of a type ask of their features.
--
-- grain:   typology, code
-- params:  entity_type  varchar
-- returns: typology   varchar  pack code
--          code       varchar  signal code inside the pack
--          severity   double   what it is worth by itself, 0..1
--          predicate  varchar  true-or-false expression over the features
select
    typology,
    code,
    cast(severity as double) as severity,
    predicate
from signals.conditions
where entity_type = $entity_type and speaks_against
order by typology asc nulls last, code asc nulls last
