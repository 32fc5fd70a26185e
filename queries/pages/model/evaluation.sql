-- How good one model is on matured data of a later time, with intervals.
--
-- grain:   measure, at_k
-- params:  entity_type  varchar
-- returns: measure  varchar
--          at_k     bigint   entities reviewed; null = no cut
--          value    double
--          low      double   95 % interval
--          high     double
--          ceiling  double   the best that any model could reach there
select
    measure,
    cast(at_k as bigint) as at_k,
    cast(value as double) as value,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(ceiling as double) as ceiling
from scores.evaluation
where entity_type = $entity_type
order by measure asc nulls last, at_k asc nulls first
