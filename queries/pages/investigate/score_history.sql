-- How the score of one entity moved, oldest first.
--
-- grain:   as_of
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: as_of       date
--          score       double   calibrated, 0..1
--          score_band  varchar
select
    as_of,
    cast(score as double) as score,
    score_band
from scores.scores
where entity_type = $entity_type and entity_id = $entity_id
order by as_of asc nulls last
