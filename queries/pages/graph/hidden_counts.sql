-- How many neighbours each entity on a drawing has that are not on it.
--
-- grain:   node_key
-- params:  node_keys  varchar[]  list of type:id
-- returns: node_key      varchar  those with any
--          hidden_count  bigint
with nodes as (
    select unnest(cast($node_keys as varchar[])) as node_key
),

ends as (
    select
        src as node_key,
        dst as partner_key
    from graph.edges
    where src in (select s.node_key from nodes as s)
    union
    select
        dst as node_key,
        src as partner_key
    from graph.edges
    where dst in (select s.node_key from nodes as s)
)

select
    e.node_key,
    count(*) as hidden_count
from ends as e
where e.partner_key not in (select s.node_key from nodes as s)
group by e.node_key
order by e.node_key asc nulls last
