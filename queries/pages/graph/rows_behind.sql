-- The raw rows behind one link of the graph, newest first.
--
-- grain:   source_table, row_id, node
-- params:  src       varchar  type:id
--          dst       varchar  type:id
--          relation  varchar  as in graph.node_links or graph.edges
--          limit     bigint
-- returns: source_table  varchar    raw table of the row
--          row_id        varchar
--          happened_at   timestamp
--          node          varchar    whose row it is
--          detail        varchar    the identifier, or what was sold or written: hostile
--                                   until escaped
--          total_count   bigint     rows in all, before limit
-- A link between two accounts is a thing of both.
with things as (
    select
        l.entity_type,
        l.entity_id,
        l.relation,
        l.identifier_id,
        l.first_seen_at
    from graph.links as l
    where
        l.relation = replace($relation, 'shares_', '')
        and l.entity_type || ':' || l.entity_id in ($src, $dst)
        and (
            l.relation || ':' || l.identifier_id = $dst
            or l.identifier_id in (
                select o.identifier_id
                from graph.links as o
                where
                    o.relation = l.relation
                    and o.entity_type || ':' || o.entity_id
                    in ($src, $dst)
                    and o.entity_id <> l.entity_id
            )
        )
),

attempts as (
    select
        'orders' as source_table,
        a.order_id as row_id,
        a.created_at as happened_at,
        'buyer:' || a.buyer_id as node,
        t.identifier_id as detail
    from things as t
    inner join staging.order_attempts as a
        on
            t.entity_id = a.buyer_id
            and t.identifier_id = case t.relation
                when 'device' then a.device_id
                when 'ip' then a.ip_id
                when 'address' then a.address_id
                when 'payment_token' then a.payment_token_id
            end
    where t.entity_type = 'buyer'
),

registrations as (
    select
        l.entity_type || 's' as source_table,
        l.entity_id as row_id,
        l.first_seen_at as happened_at,
        l.entity_type || ':' || l.entity_id as node,
        l.identifier_id as detail
    from things as l
    where l.entity_type <> 'buyer'
),

sales as (
    select
        order_id,
        counted_at,
        printf('%s, %.2f USD', product_id, paid_usd) as detail,
        'buyer:' || buyer_id as buyer,
        'merchant:' || merchant_id as shop,
        'creator:' || creator_id as creator,
        'product:' || product_id as product
    from staging.orders
),

common_buyers as (
    select buyer
    from sales
    where $relation = 'shares_buyers'
    group by buyer
    having
        bool_or($src in (shop, coalesce(creator, '')))
        and bool_or($dst in (shop, coalesce(creator, '')))
),

orders as (
    select
        'orders' as source_table,
        order_id as row_id,
        counted_at as happened_at,
        coalesce(buyer, shop) as node,
        detail
    from sales
    where
        ($src, $dst) = case $relation
            when 'bought_from' then (buyer, shop)
            when 'bought_via' then (buyer, creator)
            when 'bought' then (buyer, product)
            when 'sells' then (creator, product)
            when 'promotes' then (creator, shop)
        end
        or (
            buyer in (select c.buyer from common_buyers as c)
            and (shop in ($src, $dst) or creator in ($src, $dst))
        )
),

others as (
    select
        'listing_versions' as source_table,
        listing_version_id as row_id,
        valid_from as happened_at,
        'product:' || product_id as node,
        title as detail
    from staging.listing_versions
    where
        $relation = 'image'
        and 'product:' || product_id = $src
        and 'image:' || image_id = $dst
    union all
    select
        'shipments' as source_table,
        s.shipment_id as row_id,
        s.shipped_at as happened_at,
        'buyer:' || o.buyer_id as node,
        s.carrier || ' ' || s.tracking_number as detail
    from staging.shipments as s
    inner join staging.orders as o on s.order_id = o.order_id
    where
        $relation = 'tracking'
        and 'buyer:' || o.buyer_id = $src
        and 'tracking:' || s.tracking_number = $dst
    union all
    select
        'reviews' as source_table,
        r.review_id as row_id,
        r.created_at as happened_at,
        'buyer:' || o.buyer_id as node,
        r.body as detail
    from staging.reviews as r
    inner join staging.orders as o on r.order_id = o.order_id
    where
        $relation = 'text'
        and 'buyer:' || o.buyer_id = $src
        and 'text:' || md5(lower(trim(r.body))) = $dst
    union all
    select
        'products' as source_table,
        product_id as row_id,
        listed_at as happened_at,
        'merchant:' || merchant_id as node,
        title as detail
    from staging.products
    where
        $relation = 'lists'
        and 'merchant:' || merchant_id = $src
        and 'product:' || product_id = $dst
    union all
    select
        'live_sessions' as source_table,
        live_session_id as row_id,
        started_at as happened_at,
        'creator:' || creator_id as node,
        title as detail
    from staging.live_sessions
    where
        $relation = 'hosts'
        and 'creator:' || creator_id = $src
        and 'live_session:' || live_session_id = $dst
),

final as (
    select * from attempts
    union
    select * from registrations
    union
    select * from orders
    union
    select * from others
)

select
    *,
    count(*) over () as total_count
from final
order by
    happened_at desc nulls last,
    source_table asc nulls last,
    row_id asc nulls last,
    node asc nulls last
limit $limit
