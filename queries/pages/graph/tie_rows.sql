-- The rows behind the line between two entities: what they share, and orders between them.
--
-- grain:   relation, thing_id
-- params:  one    varchar  type:id
--          other  varchar  type:id
--          limit  bigint
-- returns: relation        varchar
--          thing_id        varchar    identifier, place, text or order
--          sharer_count    bigint     who share it anywhere; null = not counted
--          evidence_count  bigint
--          paid_usd        double     of an order; null = no order
--          first_seen_at   timestamp
--          last_seen_at    timestamp
--          total_count     bigint     rows in all, before limit
with shared as (
    select
        a.relation,
        a.identifier_id as thing_id,
        i.degree as sharer_count,
        a.evidence_count + b.evidence_count as evidence_count,
        cast(null as double) as paid_usd,
        greatest(a.first_seen_at, b.first_seen_at) as first_seen_at,
        greatest(a.last_seen_at, b.last_seen_at) as last_seen_at
    from graph.links as a
    inner join graph.links as b
        on a.relation = b.relation and a.identifier_id = b.identifier_id
    inner join graph.identifiers as i
        on a.relation = i.relation and a.identifier_id = i.identifier_id
    where
        a.entity_type || ':' || a.entity_id = $one
        and b.entity_type || ':' || b.entity_id = $other
),

ring_things as (
    select
        relation,
        thing_id,
        cast(null as bigint) as sharer_count,
        sum(evidence_count) as evidence_count,
        cast(null as double) as paid_usd,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from rings.ties
    where
        ((src = $one and dst = $other) or (src = $other and dst = $one))
        and (relation, thing_id) not in (
            select
                s.relation,
                s.thing_id
            from shared as s
        )
    group by relation, thing_id
),

trades as (
    select
        case
            when 'merchant:' || merchant_id in ($one, $other) then 'bought_from'
            else 'bought_via'
        end as relation,
        order_id as thing_id,
        cast(null as bigint) as sharer_count,
        cast(1 as bigint) as evidence_count,
        paid_usd,
        counted_at as first_seen_at,
        counted_at as last_seen_at
    from staging.orders
    where
        'buyer:' || buyer_id in ($one, $other)
        and (
            'merchant:' || merchant_id in ($one, $other)
            or 'creator:' || creator_id in ($one, $other)
        )
),

rows_behind as (
    select * from shared
    union all
    select * from ring_things
    union all
    select * from trades
)

select
    relation,
    thing_id,
    sharer_count,
    cast(evidence_count as bigint) as evidence_count,
    paid_usd,
    first_seen_at,
    last_seen_at,
    count(*) over () as total_count
from rows_behind
order by
    relation asc nulls last,
    first_seen_at asc nulls last,
    thing_id asc nulls last
limit $limit
