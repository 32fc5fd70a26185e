-- The features that move one model most, over all its entities.
--
-- grain:   feature
-- params:  entity_type  varchar
--          limit        bigint
-- returns: feature                varchar
--          mean_abs_contribution  double   log-odds
select
    feature,
    cast(mean_abs_contribution as double) as mean_abs_contribution
from explanations.global_importance
where entity_type = $entity_type
qualify as_of = max(as_of) over ()
order by mean_abs_contribution desc nulls last, feature asc nulls last
limit $limit
