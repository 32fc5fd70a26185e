-- Every node of the graph with the place of its links, in an order that finds it fast.
--
-- The numbers follow the names read backwards: a name begins like many others and ends
-- like few, and DuckDB skips by how a text begins (docs/decisions/0098-graph-stores.md).
--
-- grain:   node
-- params:  none
-- returns: node_number  bigint   from 0
--          node         varchar  type:id of an entity or a thing
--          backwards    varchar  node read from its end
--          node_type    varchar  entity type, or kind of the thing
--          degree       bigint   links
--          first_row    bigint   row of its first link in graph.adjacency, from 0
--          is_hub       boolean  too many links for one of them to mean anything
with ends as (
    select src as node from graph.node_links
    union all
    select dst as node from graph.node_links
),

counted as (
    select
        node,
        reverse(node) as backwards,
        split_part(node, ':', 1) as node_type,
        count(*) as degree
    from ends
    group by node
),

final as (
    select
        row_number() over (order by backwards asc nulls last)
        - 1 as node_number,
        node,
        backwards,
        node_type,
        degree,
        cast(
            sum(degree) over (order by backwards asc nulls last) as bigint
        ) - degree as first_row,
        degree > hub_size(node_type) as is_hub
    from counted
)

select *
from final
order by node_number asc nulls last
