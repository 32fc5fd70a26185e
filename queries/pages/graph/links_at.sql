-- The links in some rows of graph.adjacency, read by place: nothing is scanned.
--
-- grain:   node_number, neighbour_number, relation, is_outward
-- params:  row_numbers  bigint[]  rows, from 0
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
with wanted as (
    select unnest(cast($row_numbers as bigint[])) as row_number
)

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
where rowid in (select w.row_number from wanted as w)
