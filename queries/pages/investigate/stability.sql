-- How sure the score of one entity is: what models taught by resampled verdicts say.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type   varchar
--          entity_id     varchar
--          score_low     double   least of the models, 0..1
--          score_high    double   greatest
--          is_near_edge  boolean  some model puts it into another band
--          edge          double   the nearest edge of a band, 0..1
select
    entity_type,
    entity_id,
    cast(score_low as double) as score_low,
    cast(score_high as double) as score_high,
    is_near_edge,
    cast(edge as double) as edge
from explanations.stability
where entity_type = $entity_type and entity_id = $entity_id
qualify as_of = max(as_of) over ()
