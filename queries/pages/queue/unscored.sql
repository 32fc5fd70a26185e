-- Entity types that have subjects and no model: too few labels to learn from.
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
where
    model_version is null
    and entity_type in (select e.entity_type from graph.entities as e)
order by entity_type asc nulls last
