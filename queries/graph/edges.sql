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
with identifier_users as (
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

counted_trades as (
    select
        buyer_id,
        coalesce(merchant_id, creator_id) as seller_id,
        case
            when grouping(merchant_id) = 0 then 'bought_from'
            else 'bought_via'
        end as relation,
        count(*) as evidence_count,
        min(counted_at) as first_seen_at,
        max(counted_at) as last_seen_at
    from staging.orders
    where buyer_id is not null
    group by grouping sets ((buyer_id, merchant_id), (buyer_id, creator_id))
),

trades as (
    select *
    from counted_trades
    where seller_id is not null
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
        ) as seller_key
    from trades
    group by seller_id, relation
),

buyers as (
    select
        buyer_id,
        relation,
        count(*) as sellers,
        row_number() over (
            order by relation asc nulls last, buyer_id asc nulls last
        ) as buyer_key
    from trades
    group by buyer_id, relation
),

-- Whoever bought of one seller ties none, who bought everywhere ties them all.
selective_trades as (
    select
        b.buyer_key,
        s.seller_key,
        t.first_seen_at,
        t.last_seen_at
    from trades as t
    inner join buyers as b
        on t.buyer_id = b.buyer_id and t.relation = b.relation
    inner join sellers as s
        on t.seller_id = s.seller_id and t.relation = s.relation
    where b.sellers between 2 and 30
),

-- Pairs are many and most are chance: numbers count faster than names, and when
-- they met is asked of those that are left.
seller_pairs as (
    select
        a.seller_key as src_key,
        b.seller_key as dst_key,
        count(*) as shared_buyers
    from selective_trades as a
    inner join selective_trades as b
        on a.buyer_key = b.buyer_key and a.seller_key < b.seller_key
    group by a.seller_key, b.seller_key
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

tied_sellers as (
    select
        p.src_key,
        p.dst_key,
        a.node as src,
        b.node as dst,
        p.shared_buyers / sqrt(a.buyers * b.buyers) as weight
    from seller_pairs as p
    inner join sellers as a on p.src_key = a.seller_key
    inner join sellers as b on p.dst_key = b.seller_key
    inner join population as n on a.relation = n.relation
    where
        p.shared_buyers >= 8.0 * a.buyers * b.buyers / n.buyers
        and p.shared_buyers / sqrt(a.buyers * b.buyers) >= 0.1
),

src_buyers as (
    select
        t.src_key,
        t.dst_key,
        s.buyer_key,
        min(s.first_seen_at) as first_seen_at,
        min(s.last_seen_at) as last_seen_at
    from tied_sellers as t
    inner join selective_trades as s on t.src_key = s.seller_key
    group by t.src_key, t.dst_key, s.buyer_key
),

final as (
    select
        a.node as src,
        b.node as dst,
        'shares_' || a.relation as relation,
        sum(a.weight) as weight,
        count(*) as evidence_count,
        max(greatest(a.first_seen_at, b.first_seen_at)) as first_seen_at,
        max(greatest(a.last_seen_at, b.last_seen_at)) as last_seen_at
    from identifier_users as a
    inner join identifier_users as b
        on
            a.relation = b.relation
            and a.identifier_id = b.identifier_id
            and a.node < b.node
    group by a.node, b.node, a.relation
    union all
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
    union all
    select
        t.src,
        t.dst,
        'shares_buyers' as relation,
        t.weight,
        count(*) as evidence_count,
        max(greatest(b.first_seen_at, s.first_seen_at)) as first_seen_at,
        max(greatest(b.last_seen_at, s.last_seen_at)) as last_seen_at
    from tied_sellers as t
    inner join src_buyers as b
        on t.src_key = b.src_key and t.dst_key = b.dst_key
    inner join selective_trades as s
        on b.buyer_key = s.buyer_key and b.dst_key = s.seller_key
    group by t.src, t.dst, t.weight
    union all
    select
        'creator:' || creator_id as src,
        'merchant:' || merchant_id as dst,
        'promotes' as relation,
        ln(1.0 + count(*)) as weight,
        count(*) as evidence_count,
        min(counted_at) as first_seen_at,
        max(counted_at) as last_seen_at
    from staging.orders
    where creator_id is not null
    group by creator_id, merchant_id
)

select * from final
