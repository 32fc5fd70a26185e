-- Entity types that have no model: too few labels have matured to learn from.
--
-- grain:   entity_type
-- params:  none
-- returns: entity_type    varchar
--          positives      bigint     matured bad labels
--          negatives      bigint     matured good labels
select
    entity_type,
    positives,
    negatives
from scores.models
where model_version is null
order by entity_type asc nulls last
