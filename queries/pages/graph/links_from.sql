-- The links in at most twelve stretches of graph.adjacency: those of a few nodes.
--
-- Spans that are written out skip whatever lies between them; a list of rows is looked
-- for in every group of rows that holds one (docs/decisions/0111-the-graph-on-a-page.md).
--
-- grain:   node_number, neighbour_number, relation, is_outward
-- params:  first_rows  bigint[]  list of twelve; a stretch that ends before it begins is none
--          last_rows   bigint[]  list of twelve
-- returns: node_number          bigint
--          neighbour_number     bigint
--          neighbour            varchar    its name
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
    neighbour,
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
where
    rowid between $first_rows[1] and $last_rows[1]
    or rowid between $first_rows[2] and $last_rows[2]
    or rowid between $first_rows[3] and $last_rows[3]
    or rowid between $first_rows[4] and $last_rows[4]
    or rowid between $first_rows[5] and $last_rows[5]
    or rowid between $first_rows[6] and $last_rows[6]
    or rowid between $first_rows[7] and $last_rows[7]
    or rowid between $first_rows[8] and $last_rows[8]
    or rowid between $first_rows[9] and $last_rows[9]
    or rowid between $first_rows[10] and $last_rows[10]
    or rowid between $first_rows[11] and $last_rows[11]
    or rowid between $first_rows[12] and $last_rows[12]
