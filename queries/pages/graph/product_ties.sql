-- What is around a listing: its shop, who sells it, listings that look alike, its buyers.
--
-- grain:   src, dst, relation
-- params:  product_id   varchar
--          most_buyers  bigint   buyers above which none is given
-- returns: src             varchar    type:id
--          dst             varchar
--          relation        varchar    lists, sells, same_picture, same_text, bought
--          weight          double
--          evidence_count  bigint
--          first_seen_at   timestamp
--          last_seen_at    timestamp
--          buyer_count     bigint     of the listing, given or not
with twins as (
    select
        twin_id,
        'same_picture' as relation,
        1.0 as weight,
        known_from
    from facts.image_twins
    where product_id = $product_id
    union all
    select
        twin_id,
        'same_text' as relation,
        likeness as weight,
        known_from
    from similarity.title_twins
    where product_id = $product_id
),

alikes as (
    select
        'product:' || $product_id as src,
        'product:' || twin_id as dst,
        relation,
        max(weight) as weight,
        count(*) as evidence_count,
        min(known_from) as first_seen_at,
        max(known_from) as last_seen_at
    from twins
    group by twin_id, relation
),

shops as (
    select
        'merchant:' || merchant_id as src,
        'product:' || product_id as dst,
        'lists' as relation,
        1.0 as weight,
        1 as evidence_count,
        listed_at as first_seen_at,
        listed_at as last_seen_at
    from staging.products
    where
        product_id = $product_id
        or product_id in (select t.twin_id from twins as t)
),

sales as (
    select
        'creator:' || creator_id as creator,
        'buyer:' || buyer_id as buyer,
        counted_at
    from staging.orders
    where product_id = $product_id
),

sellers as (
    select
        creator as src,
        'product:' || $product_id as dst,
        'sells' as relation,
        ln(1.0 + count(*)) as weight,
        count(*) as evidence_count,
        min(counted_at) as first_seen_at,
        max(counted_at) as last_seen_at
    from sales
    where creator is not null
    group by creator
),

buyers as (
    select
        buyer as src,
        'product:' || $product_id as dst,
        'bought' as relation,
        1.0 / ln(1.0 + count(*) over ()) as weight,
        count(*) as evidence_count,
        min(counted_at) as first_seen_at,
        max(counted_at) as last_seen_at,
        count(*) over () as buyer_count
    from sales
    where buyer is not null
    group by buyer
),

final as (
    select * from shops
    union all
    select * from sellers
    union all
    select * from alikes
    union all
    select * exclude (buyer_count)
    from buyers
    where buyer_count <= $most_buyers
)

select
    f.src,
    f.dst,
    f.relation,
    cast(f.weight as double) as weight,
    cast(f.evidence_count as bigint) as evidence_count,
    cast(f.first_seen_at as timestamp) as first_seen_at,
    cast(f.last_seen_at as timestamp) as last_seen_at,
    (select count(*) from buyers) as buyer_count
from final as f
order by
    f.relation asc nulls last,
    f.weight desc nulls last,
    f.src asc nulls last,
    f.dst asc nulls last
