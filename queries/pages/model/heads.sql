-- Which schemes have a model of their own for one entity type.
--
-- grain:   typology
-- params:  entity_type  varchar
-- returns: typology    varchar
--          positives   bigint   matured verdicts of this scheme
--          has_head    boolean
--          base_rate   double
--          reason      varchar  why there is none
select
    typology,
    cast(positives as bigint) as positives,
    has_head,
    cast(base_rate as double) as base_rate,
    reason
from scores.heads
where entity_type = $entity_type
order by has_head desc nulls last, positives desc nulls last, typology asc
