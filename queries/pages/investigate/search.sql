-- Entities whose name or id holds a text: whose id or key it is, then riskiest.
--
-- grain:   entity_type, entity_id
-- params:  search  varchar
--          limit   bigint
-- returns: entity_type  varchar
--          entity_id    varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          score        double   null = not scored
--          score_band   varchar
with matches as (
    select
        entity_type,
        entity_id,
        name,
        market
    from graph.entities
    where
        contains(lower(name), lower(cast($search as varchar)))
        or contains(lower(entity_id), lower(cast($search as varchar)))
        or entity_type || ':' || entity_id = cast($search as varchar)
),

latest_scores as (
    select
        entity_type,
        entity_id,
        probability as score,
        score_band
    from alerts.probabilities
)

select
    f.entity_type,
    f.entity_id,
    f.name,
    f.market,
    cast(s.score as double) as score,
    s.score_band
from matches as f
left join latest_scores as s
    on f.entity_type = s.entity_type and f.entity_id = s.entity_id
order by
    f.entity_id = cast($search as varchar)
    or f.entity_type || ':' || f.entity_id = cast($search as varchar) desc,
    s.score desc nulls last,
    f.entity_id asc nulls last
limit $limit
