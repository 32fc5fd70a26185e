-- Every node of the graph, to be handed to another store.
--
-- grain:   node_number
-- params:  none
-- returns: node_number  bigint
--          node         varchar  type:id
--          node_type    varchar
--          degree       bigint
--          is_hub       boolean
select
    node_number,
    node,
    node_type,
    degree,
    is_hub
from graph.nodes
order by node_number asc nulls last
