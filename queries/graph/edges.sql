-- Weighted links between entities: shared identifiers, buyers and trade.
--
-- grain:   src, dst, relation
-- params:  none
-- returns: src             varchar    node, type:id, src < dst
--          dst             varchar    node, type:id
--          relation        varchar    shares_*, bought_from, bought_via, promotes
--          weight          double     rarity-weighted strength
--          evidence_count  bigint     identifiers, buyers or orders behind it
--          first_seen_at   timestamp
--          last_seen_at    timestamp
with keyed as (
    select
        l.entity_type || ':' || l.entity_id as node,
        l.relation,
        l.identifier_id,
        i.weight,
        l.first_seen_at,
        l.last_seen_at
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    where not i.is_hub and i.degree > 1
),

shared_identifiers as (
    select
        a.node as src,
        b.node as dst,
        'shares_' || a.relation as relation,
        sum(a.weight) as weight,
        count(*) as evidence_count,
        max(greatest(a.first_seen_at, b.first_seen_at)) as first_seen_at,
        max(greatest(a.last_seen_at, b.last_seen_at)) as last_seen_at
    from keyed as a
    inner join keyed as b
        on
            a.relation = b.relation
            and a.identifier_id = b.identifier_id
            and a.node < b.node
    group by a.node, b.node, a.relation
),

trades as (
    select
        buyer_id,
        merchant_id as seller_id,
        'bought_from' as relation,
        count(*) as evidence_count,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at
    from staging.orders
    group by buyer_id, merchant_id
    union all
    select
        buyer_id,
        creator_id as seller_id,
        'bought_via' as relation,
        count(*) as evidence_count,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at
    from staging.orders
    where creator_id is not null
    group by buyer_id, creator_id
),

sellers as (
    select
        seller_id,
        relation,
        case relation
            when 'bought_from' then 'merchant:' || seller_id
            else 'creator:' || seller_id
        end as node,
        cast(count(*) as double) as buyers,
        row_number() over (
            order by relation asc nulls last, seller_id asc nulls last
        ) as number
    from trades
    group by seller_id, relation
),

bought as (
    select
        'buyer:' || t.buyer_id as src,
        s.node as dst,
        t.relation,
        t.evidence_count / ln(1.0 + s.buyers) as weight,
        t.evidence_count,
        t.first_seen_at,
        t.last_seen_at
    from trades as t
    inner join sellers as s
        on t.seller_id = s.seller_id and t.relation = s.relation
),

buyers as (
    select
        buyer_id,
        relation,
        count(*) as seller_count,
        row_number() over (
            order by relation asc nulls last, buyer_id asc nulls last
        ) as number
    from trades
    group by buyer_id, relation
),

selective as (
    select
        b.number as buyer_number,
        s.number as seller_number,
        t.first_seen_at,
        t.last_seen_at
    from trades as t
    inner join buyers as b
        on t.buyer_id = b.buyer_id and t.relation = b.relation
    inner join sellers as s
        on t.seller_id = s.seller_id and t.relation = s.relation
    where b.seller_count between 2 and 30
),

-- Pairs are many and most are chance: numbers count faster than names, and when
-- they met is asked of those that are left.
overlapping as (
    select
        a.seller_number as src_number,
        b.seller_number as dst_number,
        count(*) as evidence_count
    from selective as a
    inner join selective as b
        on
            a.buyer_number = b.buyer_number
            and a.seller_number < b.seller_number
    group by a.seller_number, b.seller_number
    having count(*) >= 4
),

-- Two popular sellers share buyers by chance; a lift over what chance gives
-- keeps pairs that share far more than their sizes explain.
population as (
    select
        relation,
        cast(count(*) as double) as buyers
    from buyers
    group by relation
),

lifted as (
    select
        o.src_number,
        o.dst_number,
        a.node as src,
        b.node as dst,
        o.evidence_count / sqrt(a.buyers * b.buyers) as weight
    from overlapping as o
    inner join sellers as a on o.src_number = a.number
    inner join sellers as b on o.dst_number = b.number
    inner join population as p on a.relation = p.relation
    where
        o.evidence_count >= 8.0 * a.buyers * b.buyers / p.buyers
        and o.evidence_count / sqrt(a.buyers * b.buyers) >= 0.1
),

of_first as (
    select
        l.src_number,
        l.dst_number,
        s.buyer_number,
        min(s.first_seen_at) as first_seen_at,
        min(s.last_seen_at) as last_seen_at
    from lifted as l
    inner join selective as s on l.src_number = s.seller_number
    group by l.src_number, l.dst_number, s.buyer_number
),

met as (
    select
        o.src_number,
        o.dst_number,
        count(*) as evidence_count,
        max(greatest(o.first_seen_at, s.first_seen_at)) as first_seen_at,
        max(greatest(o.last_seen_at, s.last_seen_at)) as last_seen_at
    from of_first as o
    inner join selective as s
        on o.buyer_number = s.buyer_number and o.dst_number = s.seller_number
    group by o.src_number, o.dst_number
),

shared_buyers as (
    select
        l.src,
        l.dst,
        'shares_buyers' as relation,
        l.weight,
        m.evidence_count,
        m.first_seen_at,
        m.last_seen_at
    from lifted as l
    inner join met as m
        on l.src_number = m.src_number and l.dst_number = m.dst_number
),

promotions as (
    select
        'creator:' || creator_id as src,
        'merchant:' || merchant_id as dst,
        'promotes' as relation,
        ln(1.0 + count(*)) as weight,
        count(*) as evidence_count,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at
    from staging.orders
    where creator_id is not null
    group by creator_id, merchant_id
),

every_edge as (
    select * from shared_identifiers
    union all
    select * from bought
    union all
    select * from shared_buyers
    union all
    select * from promotions
)

select * from every_edge
