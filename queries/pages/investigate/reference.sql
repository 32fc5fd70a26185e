-- The real entities of one type that look-alikes and changes are measured against.
--
-- The judged ones as they were when they were judged: what enforcement or time made
-- of them since would teach that the bad look harmless.
--
-- grain:   entity_id, feature
-- params:  entity_type  varchar
-- returns: entity_id  varchar
--          outcome    varchar  confirmed | cleared | ordinary
--          as_of      date     the snapshot that shows it so
--          score      double   by today's model, 0..1
--          feature    varchar
--          value      double   null = unknown
select
    r.entity_id,
    r.outcome,
    r.as_of,
    cast(r.score as double) as score,
    v.feature,
    cast(v.value as double) as value
from explanations.reference as r
inner join explanations.reference_values as v
    on r.entity_type = v.entity_type and r.entity_id = v.entity_id
where r.entity_type = $entity_type
order by r.entity_id asc nulls last, v.feature asc nulls last
