-- Who some entities of one type are and how they score, for a table of look-alikes.
--
-- grain:   entity_id
-- params:  entity_type  varchar
--          entity_ids   varchar[]  list
-- returns: entity_id   varchar
--          name        varchar  as typed: hostile until escaped
--          market      varchar
--          score       double   null = not scored
--          score_band  varchar
with latest as (
    select
        entity_id,
        score,
        score_band
    from scores.scores
    where entity_type = $entity_type
    qualify as_of = max(as_of) over ()
)

select
    e.entity_id,
    e.name,
    e.market,
    cast(s.score as double) as score,
    s.score_band
from graph.entities as e
left join latest as s on e.entity_id = s.entity_id
where
    e.entity_type = $entity_type
    and list_contains(cast($entity_ids as varchar[]), e.entity_id)
order by e.entity_id asc nulls last
