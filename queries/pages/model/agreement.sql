-- How far the model in use and its challenger list the same subjects.
--
-- grain:   measure, at_k
-- params:  entity_type  varchar
-- returns: measure   varchar  overlap | rank_correlation
--          at_k      bigint   first places compared; null = everybody
--          entities  bigint   whom nobody has judged
--          value     double   share in both, 0..1; or Spearman's, -1..1
select
    measure,
    cast(at_k as bigint) as at_k,
    cast(entities as bigint) as entities,
    cast(value as double) as value
from scores.agreement
where entity_type = $entity_type
order by measure asc nulls last, at_k asc nulls last
