-- The links in successive rows of graph.adjacency: those of one node.
--
-- grain:   node_number, neighbour_number, relation, is_outward
-- params:  first_row  bigint
--          last_row   bigint
-- returns: node_number          bigint
--          neighbour_number     bigint
--          relation             varchar
--          is_outward           boolean    the node is the link's src
--          weight               double
--          evidence_count       bigint
--          first_seen_at        timestamp
--          last_seen_at         timestamp
--          neighbour_first_row  bigint
--          neighbour_degree     bigint
--          is_hub               boolean    the neighbour is one
select
    node_number,
    neighbour_number,
    relation,
    is_outward,
    weight,
    evidence_count,
    first_seen_at,
    last_seen_at,
    neighbour_first_row,
    neighbour_degree,
    is_hub
from graph.adjacency
where rowid between $first_row and $last_row
