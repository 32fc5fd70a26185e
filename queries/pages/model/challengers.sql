-- The model in use of one entity type and the one that scores in its shadow.
--
-- grain:   role
-- params:  entity_type  varchar
-- returns: role           varchar  in_use | challenger
--          recipe         varchar  boosted | additive
--          model_version  varchar
--          trees          bigint
select
    role,
    recipe,
    model_version,
    cast(trees as bigint) as trees
from scores.challengers
where entity_type = $entity_type
order by role desc nulls last
