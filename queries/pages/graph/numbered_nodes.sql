-- Nodes by their numbers, which are also the rows they stand in.
--
-- grain:   node
-- params:  node_numbers  bigint[]  list of node numbers
-- returns: node_number  bigint
--          node         varchar
--          node_type    varchar
--          degree       bigint
--          first_row    bigint   of its links in graph.adjacency
--          is_hub       boolean
with wanted as (
    select unnest(cast($node_numbers as bigint[])) as node_number
)

select
    node_number,
    node,
    node_type,
    degree,
    first_row,
    is_hub
from graph.nodes
where rowid in (select w.node_number from wanted as w)
order by node_number asc nulls last
