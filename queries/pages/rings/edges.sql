-- Everything between members of a ring: ties, trade, and whose listing or room it is.
--
-- grain:   src, dst, relation
-- params:  node_keys  varchar[]  list of type:id
-- returns: src             varchar    type:id
--          dst             varchar
--          relation        varchar
--          weight          double
--          evidence_count  bigint
--          first_seen_at   timestamp
--          last_seen_at    timestamp
with nodes as (
    select unnest(cast($node_keys as varchar[])) as node_key
),

lines as (
    select
        src,
        dst,
        relation,
        sum(weight) as weight,
        sum(evidence_count) as evidence_count,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from rings.ties
    where relation not in ('same_shop', 'same_listing', 'same_creator')
    group by src, dst, relation
    union all
    select
        src,
        dst,
        relation,
        weight,
        evidence_count,
        first_seen_at,
        last_seen_at
    from graph.edges
    where relation in ('bought_from', 'bought_via', 'promotes')
    union all
    select
        'merchant:' || merchant_id as src,
        'product:' || product_id as dst,
        'lists' as relation,
        1.0 as weight,
        1 as evidence_count,
        cast(listed_at as timestamp) as first_seen_at,
        cast(listed_at as timestamp) as last_seen_at
    from staging.products
    union all
    select
        'creator:' || creator_id as src,
        'live_session:' || live_session_id as dst,
        'hosts' as relation,
        1.0 as weight,
        1 as evidence_count,
        cast(started_at as timestamp) as first_seen_at,
        cast(started_at as timestamp) as last_seen_at
    from staging.live_sessions
)

select
    l.src,
    l.dst,
    l.relation,
    cast(l.weight as double) as weight,
    cast(l.evidence_count as bigint) as evidence_count,
    l.first_seen_at,
    l.last_seen_at
from lines as l
where
    l.src in (select s.node_key from nodes as s)
    and l.dst in (select s.node_key from nodes as s)
order by
    l.weight desc nulls last,
    l.src asc nulls last,
    l.dst asc nulls last,
    l.relation asc nulls last
