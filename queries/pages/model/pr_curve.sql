-- Precision and recall of one model at each threshold, among those nobody has judged.
--
-- grain:   threshold
-- params:  entity_type  varchar
-- returns: threshold  double
--          recall     double
--          precision  double
select
    cast(threshold as double) as threshold,
    cast(max(recall) as double) as recall,
    cast(max(precision) as double) as precision
from scores.pr_curve
where entity_type = $entity_type
group by threshold
order by threshold desc nulls last
