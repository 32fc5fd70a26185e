-- The names of nodes by their numbers, which are also the rows they stand in.
--
-- Nothing else: each further column is read in every group of rows that holds one.
--
-- grain:   node_number
-- params:  node_numbers  bigint[]  list of node numbers
-- returns: node_number  bigint
--          node         varchar  type:id
with wanted as (
    select unnest(cast($node_numbers as bigint[])) as node_number
)

select
    node_number,
    node
from graph.nodes
where rowid in (select w.node_number from wanted as w)
