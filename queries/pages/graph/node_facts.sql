-- What a picture says of each entity besides its score: part, ring, and money in paid orders.
--
-- grain:   node_key
-- params:  node_keys  varchar[]  list of type:id
-- returns: node_key      varchar
--          role          varchar  part in its ring, null = in none
--          ring_id       varchar
--          ring_title    varchar  null = no typology fits
--          member_count  bigint   of its ring
--          money_usd     double   paid orders it placed, sold or brought; null = none
with nodes as (
    select distinct unnest(cast($node_keys as varchar[])) as node_key
),

keys as (
    select
        node_key,
        split_part(node_key, ':', 1) as entity_type,
        substr(node_key, strpos(node_key, ':') + 1) as entity_id
    from nodes
),

-- Kind by kind, so that of each order only its id of that kind is read.
money as (
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        sum(paid_usd) as money_usd
    from staging.orders
    where
        buyer_id in (
            select k.entity_id
            from keys as k
            where k.entity_type = 'buyer'
        )
    group by buyer_id
    union all
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        sum(paid_usd) as money_usd
    from staging.orders
    where
        merchant_id in (
            select k.entity_id
            from keys as k
            where k.entity_type = 'merchant'
        )
    group by merchant_id
    union all
    select
        'product' as entity_type,
        product_id as entity_id,
        sum(paid_usd) as money_usd
    from staging.orders
    where
        product_id in (
            select k.entity_id
            from keys as k
            where k.entity_type = 'product'
        )
    group by product_id
    union all
    select
        'creator' as entity_type,
        creator_id as entity_id,
        sum(paid_usd) as money_usd
    from staging.orders
    where
        creator_id in (
            select k.entity_id
            from keys as k
            where k.entity_type = 'creator'
        )
    group by creator_id
    union all
    select
        'live_session' as entity_type,
        live_session_id as entity_id,
        sum(paid_usd) as money_usd
    from staging.orders
    where
        live_session_id in (
            select k.entity_id
            from keys as k
            where k.entity_type = 'live_session'
        )
    group by live_session_id
)

select
    k.node_key,
    m.role,
    m.ring_id,
    r.pack_title as ring_title,
    cast(r.member_count as bigint) as member_count,
    cast(p.money_usd as double) as money_usd
from keys as k
left join rings.members as m
    on k.entity_type = m.entity_type and k.entity_id = m.entity_id
left join rings.rings as r on m.ring_id = r.ring_id
left join money as p
    on k.entity_type = p.entity_type and k.entity_id = p.entity_id
order by k.node_key asc nulls last
