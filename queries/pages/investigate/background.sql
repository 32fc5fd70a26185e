-- The entities against which families are weighed, feature by feature.
--
-- grain:   row, feature
-- params:  entity_type  varchar
-- returns: row      bigint
--          feature  varchar
--          value    double   null = unknown
select
    cast(row as bigint) as row,
    feature,
    cast(value as double) as value
from explanations.background
where entity_type = $entity_type
order by row asc nulls last, feature asc nulls last
