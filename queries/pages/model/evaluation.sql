-- How good one model is, with intervals and the best that any could reach.
--
-- grain:   measure, at_k
-- params:  entity_type  varchar
-- returns: measure         varchar
--          at_k            bigint   entities reviewed first; null = no cut
--          value           double   middle of what verdicts leave possible
--          low             double   90 % interval
--          high            double
--          ceiling         double   null = 1
--          entities        bigint   judged entities it was measured on
--          says_something  boolean  the interval is narrow enough to mean a figure
select
    measure,
    cast(at_k as bigint) as at_k,
    cast(value as double) as value,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(ceiling as double) as ceiling,
    cast(entities as bigint) as entities,
    says_something
from scores.evaluation
where entity_type = $entity_type
order by measure asc nulls last, at_k asc nulls first
