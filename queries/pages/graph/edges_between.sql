-- Every tie among the entities on a drawing; which of them are drawn is chosen evenly.
--
-- grain:   src, dst, relation
-- params:  node_keys  varchar[]  list of type:id
-- returns: src             varchar    type:id, src < dst
--          dst             varchar
--          relation        varchar
--          weight          double     rarity weight
--          evidence_count  bigint
--          first_seen_at   timestamp
--          last_seen_at    timestamp
with nodes as (
    select unnest(cast($node_keys as varchar[])) as node_key
)

select
    e.src,
    e.dst,
    e.relation,
    cast(e.weight as double) as weight,
    cast(e.evidence_count as bigint) as evidence_count,
    cast(e.first_seen_at as timestamp) as first_seen_at,
    cast(e.last_seen_at as timestamp) as last_seen_at
from graph.edges as e
where
    e.src in (select s.node_key from nodes as s)
    and e.dst in (select s.node_key from nodes as s)
order by
    e.weight desc nulls last,
    e.src asc nulls last,
    e.dst asc nulls last,
    e.relation asc nulls last
