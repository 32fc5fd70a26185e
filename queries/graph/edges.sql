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
        'buyer:' || buyer_id as buyer,
        'merchant:' || merchant_id as seller,
        'bought_from' as relation,
        count(*) as evidence_count,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at
    from staging.orders
    group by buyer_id, merchant_id
    union all
    select
        'buyer:' || buyer_id as buyer,
        'creator:' || creator_id as seller,
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
        seller,
        relation,
        cast(count(*) as double) as buyers,
        row_number() over (
            order by relation asc nulls last, seller asc nulls last
        ) as number
    from trades
    group by seller, relation
),

bought as (
    select
        t.buyer as src,
        t.seller as dst,
        t.relation,
        t.evidence_count / ln(1.0 + s.buyers) as weight,
        t.evidence_count,
        t.first_seen_at,
        t.last_seen_at
    from trades as t
    inner join sellers as s
        on t.seller = s.seller and t.relation = s.relation
),

buyers as (
    select
        buyer,
        relation,
        count(*) as seller_count
    from trades
    group by buyer, relation
),

selective as (
    select
        t.buyer,
        s.number,
        s.relation,
        t.first_seen_at,
        t.last_seen_at
    from trades as t
    inner join buyers as b on t.buyer = b.buyer and t.relation = b.relation
    inner join sellers as s on t.seller = s.seller and t.relation = s.relation
    where b.seller_count between 2 and 30
),

-- Pairs are many and most are chance: numbers count faster than names.
overlapping as (
    select
        a.number as src_number,
        b.number as dst_number,
        count(*) as evidence_count,
        max(greatest(a.first_seen_at, b.first_seen_at)) as first_seen_at,
        max(greatest(a.last_seen_at, b.last_seen_at)) as last_seen_at
    from selective as a
    inner join selective as b
        on
            a.buyer = b.buyer
            and a.relation = b.relation
            and a.number < b.number
    group by a.number, b.number
    having count(*) >= 4
),

-- Two popular sellers share buyers by chance; a lift over what chance gives
-- keeps pairs that share far more than their sizes explain.
population as (
    select
        relation,
        cast(count(distinct buyer) as double) as buyers
    from trades
    group by relation
),

shared_buyers as (
    select
        a.seller as src,
        b.seller as dst,
        'shares_buyers' as relation,
        o.evidence_count / sqrt(a.buyers * b.buyers) as weight,
        o.evidence_count,
        o.first_seen_at,
        o.last_seen_at
    from overlapping as o
    inner join sellers as a on o.src_number = a.number
    inner join sellers as b on o.dst_number = b.number
    inner join population as p on a.relation = p.relation
    where
        o.evidence_count >= 8.0 * a.buyers * b.buyers / p.buyers
        and o.evidence_count / sqrt(a.buyers * b.buyers) >= 0.1
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
