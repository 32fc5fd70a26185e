-- What puts members into a ring that no tie need hold: trade with it, or whose they are.
--
-- A shop or creator is in it by the accounts that came (rings.sellers), a further account
-- by the sellers it met, a listing by its shop and a room by its host (rings.roster).
--
-- grain:   ring_id, node, relation, thing_id
-- params:  joining_sellers  bigint  sellers of one ring that a further account meets
-- returns: ring_id           varchar
--          node              varchar    type:id
--          relation          varchar    trade, relay or owner
--          thing_id          varchar    seller met, itself if it is one or a front; owner
--          partner_count     bigint     members met
--          evidence_count    bigint     orders, comments, addresses served; 1 of a listing or room
--          is_held_without   boolean    further sellers would still put it there
--          first_seen_at     timestamp
--          last_seen_at      timestamp
with members as (
    select
        m.ring_id,
        m.entity_type,
        m.entity_id,
        m.joined_by,
        r.node,
        r.cluster
    from rings.members as m
    inner join rings.roster as r
        on m.entity_type = r.entity_type and m.entity_id = r.entity_id
),

chained_sellers as (
    select
        s.node,
        c.chain as cluster
    from rings.sellers as s
    inner join rings.chains as c on s.cluster = c.cluster
),

visits as (
    select
        buyer_id,
        unnest([
            'merchant:' || merchant_id,
            'product:' || product_id,
            'creator:' || creator_id
        ]) as seller,
        counted_at as visited_at
    from staging.orders
    union all
    select
        buyer_id,
        'live_session:' || live_session_id as seller,
        commented_at as visited_at
    from staging.live_comments
),

meetings as (
    select
        s.ring_id,
        b.node as buyer,
        b.joined_by,
        s.node as seller,
        t.node is not null as is_met_seller,
        count(*) as evidence_count,
        min(v.visited_at) as first_seen_at,
        max(v.visited_at) as last_seen_at
    from visits as v
    inner join members as b
        on v.buyer_id = b.entity_id and b.entity_type = 'buyer'
    inner join members as s on v.seller = s.node and b.ring_id = s.ring_id
    left join chained_sellers as t
        on s.node = t.node and s.cluster = t.cluster
    group by all
),

trades as (
    select
        ring_id,
        seller as node,
        seller as thing_id,
        count(*) as partner_count,
        sum(evidence_count) as evidence_count,
        false as is_held_without,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from meetings
    where is_met_seller
    group by ring_id, seller
    union all
    select
        ring_id,
        buyer as node,
        seller as thing_id,
        1 as partner_count,
        evidence_count,
        count(*) over (partition by buyer) > $joining_sellers
            as is_held_without,
        first_seen_at,
        last_seen_at
    from meetings
    where
        joined_by = 'further_account'
        and (seller like 'merchant:%' or seller like 'creator:%')
),

owners as (
    select
        'product:' || product_id as node,
        'merchant:' || merchant_id as owner,
        cast(listed_at as timestamp) as began_at
    from staging.products
    union all
    select
        'live_session:' || live_session_id as node,
        'creator:' || creator_id as owner,
        cast(started_at as timestamp) as began_at
    from staging.live_sessions
),

final as (
    select
        ring_id,
        node,
        'trade' as relation,
        thing_id,
        cast(partner_count as bigint) as partner_count,
        cast(evidence_count as bigint) as evidence_count,
        is_held_without,
        first_seen_at,
        last_seen_at
    from trades
    union all
    select
        m.ring_id,
        m.node,
        'relay' as relation,
        m.node as thing_id,
        r.member_count as partner_count,
        r.address_count as evidence_count,
        false as is_held_without,
        r.first_seen_at,
        r.last_seen_at
    from rings.relays as r
    inner join members as m on r.node = m.node and m.joined_by = 'relay'
    union all
    select
        m.ring_id,
        m.node,
        'owner' as relation,
        w.owner as thing_id,
        cast(1 as bigint) as partner_count,
        cast(1 as bigint) as evidence_count,
        false as is_held_without,
        w.began_at as first_seen_at,
        w.began_at as last_seen_at
    from owners as w
    inner join members as m on w.node = m.node
    inner join members as o on w.owner = o.node and m.ring_id = o.ring_id
)

select * from final
