-- Suspicious, then heaviest members of one community, with their place.
--
-- grain:   node_key
-- params:  community_id  varchar
--          keep          varchar
--          limit         bigint
-- returns: node_key     varchar  type:id
--          entity_type  varchar
--          entity_id    varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          score        double   null = not scored
--          score_band   varchar
--          weight       double   strength of its ties inside
--          x            double   null = not laid out
--          y            double
with latest_scores as (
    select
        entity_type,
        entity_id,
        probability as score,
        score_band
    from alerts.probabilities
)

select
    m.entity_type || ':' || m.entity_id as node_key,
    m.entity_type,
    m.entity_id,
    coalesce(e.name, '') as name,
    e.market,
    cast(s.score as double) as score,
    s.score_band,
    cast(m.weight as double) as weight,
    cast(m.x as double) as x,
    cast(m.y as double) as y
from communities.members as m
left join graph.entities as e
    on m.entity_type = e.entity_type and m.entity_id = e.entity_id
left join latest_scores as s
    on m.entity_type = s.entity_type and m.entity_id = s.entity_id
where m.community_id = $community_id
order by
    if(m.entity_type || ':' || m.entity_id = $keep, 0, 1) asc nulls last,
    if(s.score_band in ('CRIT', 'HIGH'), 0, 1) asc nulls last,
    m.weight desc nulls last,
    m.entity_id asc nulls last
limit $limit
