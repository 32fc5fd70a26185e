-- One node with the place of its links.
--
-- grain:   node
-- params:  node  varchar  type:id
-- returns: node_number  bigint
--          node         varchar
--          node_type    varchar
--          degree       bigint
--          first_row    bigint   of its links in graph.adjacency
--          is_hub       boolean
select
    node_number,
    node,
    node_type,
    degree,
    first_row,
    is_hub
from graph.nodes
where backwards = reverse($node)
