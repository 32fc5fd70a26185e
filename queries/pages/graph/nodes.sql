-- Several nodes with the place of their links.
--
-- grain:   node
-- params:  nodes  varchar[]  list of type:id
-- returns: node_number  bigint
--          node         varchar
--          node_type    varchar
--          degree       bigint
--          first_row    bigint   of its links in graph.adjacency
--          is_hub       boolean
with wanted as (
    select unnest(cast($nodes as varchar[])) as node
)

select
    node_number,
    node,
    node_type,
    degree,
    first_row,
    is_hub
from graph.nodes
where backwards in (select reverse(w.node) from wanted as w)
order by node_number asc nulls last
