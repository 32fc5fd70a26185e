-- How good one model is, with intervals and the best that any could reach.
--
-- grain:   measure, at_k
-- params:  entity_type  varchar
-- returns: measure      varchar
--          at_k         bigint   entities reviewed first; null = no cut
--          value        double
--          low          double   95 % interval
--          high         double
--          ceiling      double   null = 1
--          entities     bigint   judged entities it was measured on
--          measured_on  varchar  later period | cross-fitted
select
    measure,
    cast(at_k as bigint) as at_k,
    cast(value as double) as value,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(ceiling as double) as ceiling,
    cast(entities as bigint) as entities,
    measured_on
from scores.evaluation
where entity_type = $entity_type and typology is null
order by measure asc nulls last, at_k asc nulls first
