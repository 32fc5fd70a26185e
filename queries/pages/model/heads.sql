-- Which schemes have a model of their own for one entity type, and how good each is.
--
-- grain:   typology
-- params:  entity_type  varchar
-- returns: typology    varchar
--          positives   bigint   matured verdicts of this scheme
--          has_head    boolean
--          auprc       double
--          auprc_low   double   90 % interval
--          auprc_high  double
--          base_rate   double
--          reason      varchar  why there is none
select
    typology,
    cast(positives as bigint) as positives,
    has_head,
    cast(auprc as double) as auprc,
    cast(auprc_low as double) as auprc_low,
    cast(auprc_high as double) as auprc_high,
    cast(base_rate as double) as base_rate,
    reason
from scores.heads
where entity_type = $entity_type
order by has_head desc nulls last, positives desc nulls last, typology asc
