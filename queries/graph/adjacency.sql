-- The links of every node side by side, its strongest first: one read per node.
--
-- grain:   node_number, neighbour_number, relation, is_outward
-- params:  none
-- returns: node_number          bigint     as in graph.nodes
--          neighbour_number     bigint
--          relation             varchar
--          is_outward           boolean    the node is the link's src
--          weight               double
--          evidence_count       bigint
--          first_seen_at        timestamp
--          last_seen_at         timestamp
--          neighbour_first_row  bigint     of the neighbour in this table
--          neighbour_degree     bigint
--          is_hub               boolean    the neighbour is one
with numbered as (
    select
        a.node_number as src_number,
        a.first_row as src_first_row,
        a.degree as src_degree,
        a.is_hub as is_src_hub,
        b.node_number as dst_number,
        b.first_row as dst_first_row,
        b.degree as dst_degree,
        b.is_hub as is_dst_hub,
        l.relation,
        l.weight,
        l.evidence_count,
        l.first_seen_at,
        l.last_seen_at
    from graph.node_links as l
    inner join graph.nodes as a on l.src = a.node
    inner join graph.nodes as b on l.dst = b.node
),

final as (
    select
        src_number as node_number,
        dst_number as neighbour_number,
        relation,
        true as is_outward,
        weight,
        evidence_count,
        first_seen_at,
        last_seen_at,
        dst_first_row as neighbour_first_row,
        dst_degree as neighbour_degree,
        is_dst_hub as is_hub
    from numbered
    union all
    select
        dst_number as node_number,
        src_number as neighbour_number,
        relation,
        false as is_outward,
        weight,
        evidence_count,
        first_seen_at,
        last_seen_at,
        src_first_row as neighbour_first_row,
        src_degree as neighbour_degree,
        is_src_hub as is_hub
    from numbered
)

select *
from final
order by
    node_number asc nulls last,
    weight desc nulls last,
    neighbour_number asc nulls last,
    relation asc nulls last
