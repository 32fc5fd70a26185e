-- The entities tied to one entity, riskiest first, that are not shown yet.
--
-- grain:   node_key
-- params:  node_key  varchar
--          shown     varchar[]  list of type:id
--          limit     bigint
-- returns: node_key      varchar  type:id
--          entity_type   varchar
--          entity_id     varchar
--          name          varchar  as typed: hostile until escaped
--          market        varchar
--          score         double   null = not scored
--          score_band    varchar
--          weight        double   strength of its ties to the entity
--          hidden_count  bigint   neighbours in all, before limit
with ties as (
    select
        if(src = $node_key, dst, src) as node_key,
        sum(weight) as weight
    from graph.edges
    where src = $node_key or dst = $node_key
    group by if(src = $node_key, dst, src)
),

latest_scores as (
    select
        entity_type || ':' || entity_id as node_key,
        probability as score,
        score_band
    from alerts.probabilities
)

select
    t.node_key,
    e.entity_type,
    e.entity_id,
    coalesce(e.name, '') as name,
    e.market,
    cast(s.score as double) as score,
    s.score_band,
    cast(t.weight as double) as weight,
    count(*) over () as hidden_count
from ties as t
inner join graph.entities as e
    on t.node_key = e.entity_type || ':' || e.entity_id
left join latest_scores as s on t.node_key = s.node_key
where not list_contains(cast($shown as varchar[]), t.node_key)
order by
    s.score desc nulls last,
    t.weight desc nulls last,
    t.node_key asc nulls last
limit $limit
