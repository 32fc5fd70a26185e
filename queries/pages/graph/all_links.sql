-- Every link of the graph once, to be handed to another store.
--
-- grain:   src_number, dst_number, relation
-- params:  none
-- returns: src_number      bigint     as in graph.nodes
--          dst_number      bigint
--          relation        varchar
--          weight          double
--          evidence_count  bigint
--          first_seen_at   timestamp
--          last_seen_at    timestamp
select
    node_number as src_number,
    neighbour_number as dst_number,
    relation,
    weight,
    evidence_count,
    first_seen_at,
    last_seen_at
from graph.adjacency
where is_outward
order by
    src_number asc nulls last,
    dst_number asc nulls last,
    relation asc nulls last
