-- Nodes by their keys with name, market and score; a thing that is shared has none.
--
-- grain:   node_key
-- params:  node_keys  varchar[]  list of type:id
-- returns: node_key     varchar  type:id
--          entity_type  varchar  or the kind of the thing
--          entity_id    varchar  or the identifier
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          score        double   null = not scored
--          score_band   varchar
--          weight       double   0: the place in a picture gives it
with nodes as (
    select unnest(cast($node_keys as varchar[])) as node_key
)

select
    n.node_key,
    split_part(n.node_key, ':', 1) as entity_type,
    substr(n.node_key, strpos(n.node_key, ':') + 1) as entity_id,
    coalesce(e.name, '') as name,
    e.market,
    cast(p.probability as double) as score,
    p.score_band,
    cast(0.0 as double) as weight
from nodes as n
left join graph.entities as e
    on n.node_key = e.entity_type || ':' || e.entity_id
left join alerts.probabilities as p
    on n.node_key = p.entity_type || ':' || p.entity_id
order by n.node_key asc nulls last
