-- The last score of one entity and its place among its own kind.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type   varchar
--          entity_id     varchar
--          as_of         date
--          margin        double   log-odds before calibration
--          score         double   calibrated, 0..1
--          score_band    varchar
--          place         bigint   1 = highest score of its type
--          scored_count  bigint   scored entities of its type
with latest_snapshot as (
    select max(as_of) as as_of from scores.scores
    where entity_type = $entity_type
),

score_ranks as (
    select
        s.entity_type,
        s.entity_id,
        s.as_of,
        s.margin,
        s.score,
        s.score_band,
        rank() over (order by s.score desc nulls last) as place,
        count(*) over () as scored_count
    from scores.scores as s
    inner join latest_snapshot as l on s.as_of = l.as_of
    where s.entity_type = $entity_type
)

select
    entity_type,
    entity_id,
    as_of,
    cast(margin as double) as margin,
    cast(score as double) as score,
    score_band,
    cast(place as bigint) as place,
    cast(scored_count as bigint) as scored_count
from score_ranks
where entity_id = $entity_id
