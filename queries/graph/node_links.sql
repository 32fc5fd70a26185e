-- Every direct link: who used what, who dealt with whom, what shows the same.
--
-- Entities and the things they share are nodes alike; a thing of one entity ties
-- nobody and is none.
--
-- grain:   src, dst, relation
-- params:  none
-- returns: src             varchar    node, type:id
--          dst             varchar    node: entity, device, ip, address, payment_token,
--                                     bank_account, tracking, image or text
--          relation        varchar    kind of the thing, bought_from, bought_via, bought,
--                                     promotes, sells, lists, hosts
--          weight          double     rarity: 1 / ln(1 + links of dst)
--          evidence_count  bigint     rows behind it
--          first_seen_at   timestamp
--          last_seen_at    timestamp
with sightings as (
    select
        entity_type || ':' || entity_id as src,
        relation,
        identifier_id as thing_id,
        first_seen_at,
        last_seen_at,
        evidence_count
    from graph.links
    union all
    select
        'product:' || product_id as src,
        'image' as relation,
        image_id as thing_id,
        min(valid_from) as first_seen_at,
        max(valid_from) as last_seen_at,
        count(*) as evidence_count
    from staging.listing_versions
    where image_id is not null
    group by product_id, image_id
    union all
    select
        'buyer:' || o.buyer_id as src,
        'tracking' as relation,
        s.tracking_number as thing_id,
        min(s.shipped_at) as first_seen_at,
        max(s.shipped_at) as last_seen_at,
        count(*) as evidence_count
    from staging.shipments as s
    inner join staging.orders as o on s.order_id = o.order_id
    where o.buyer_id is not null and s.tracking_number is not null
    group by o.buyer_id, s.tracking_number
    union all
    select
        'buyer:' || o.buyer_id as src,
        'text' as relation,
        md5(lower(trim(r.body))) as thing_id,
        min(r.created_at) as first_seen_at,
        max(r.created_at) as last_seen_at,
        count(*) as evidence_count
    from staging.reviews as r
    inner join staging.orders as o on r.order_id = o.order_id
    where o.buyer_id is not null and length(r.body) >= long_text()
    group by o.buyer_id, md5(lower(trim(r.body)))
),

dealings as (
    select
        src,
        dst,
        relation,
        evidence_count,
        first_seen_at,
        last_seen_at
    from graph.edges
    where relation in ('bought_from', 'bought_via', 'promotes')
    union all
    select
        'buyer:' || buyer_id as src,
        'product:' || product_id as dst,
        'bought' as relation,
        count(*) as evidence_count,
        min(counted_at) as first_seen_at,
        max(counted_at) as last_seen_at
    from staging.orders
    where buyer_id is not null
    group by buyer_id, product_id
    union all
    select
        'creator:' || creator_id as src,
        'product:' || product_id as dst,
        'sells' as relation,
        count(*) as evidence_count,
        min(counted_at) as first_seen_at,
        max(counted_at) as last_seen_at
    from staging.orders
    where creator_id is not null
    group by creator_id, product_id
    union all
    select
        'merchant:' || merchant_id as src,
        'product:' || product_id as dst,
        'lists' as relation,
        1 as evidence_count,
        listed_at as first_seen_at,
        listed_at as last_seen_at
    from staging.products
    union all
    select
        'creator:' || creator_id as src,
        'live_session:' || live_session_id as dst,
        'hosts' as relation,
        1 as evidence_count,
        started_at as first_seen_at,
        started_at as last_seen_at
    from staging.live_sessions
),

all_links as (
    select
        src,
        relation || ':' || thing_id as dst,
        relation,
        evidence_count,
        first_seen_at,
        last_seen_at,
        true as is_thing
    from sightings
    union all
    select
        src,
        dst,
        relation,
        evidence_count,
        first_seen_at,
        last_seen_at,
        false as is_thing
    from dealings
),

degrees as (
    select
        dst,
        relation,
        count(*) as degree
    from all_links
    group by dst, relation
)

select
    a.src,
    a.dst,
    a.relation,
    1.0 / ln(1.0 + d.degree) as weight,
    a.evidence_count,
    a.first_seen_at,
    a.last_seen_at
from all_links as a
inner join degrees as d on a.dst = d.dst and a.relation = d.relation
where not a.is_thing or d.degree > 1
