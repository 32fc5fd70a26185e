-- Shops whose customers get what accounts of a ring buy elsewhere: fronts of stolen cards.
--
-- The front takes an order; within a day somebody else has the same goods sent to that
-- customer's address from another shop. Neighbours order to one address too, yet not to
-- those of customers of one shop in turn.
--
-- grain:   node
-- params:  relayed_addresses  bigint  addresses of its customers served so, at least
--          relay_hours        double  hours from the order to the purchase elsewhere
-- returns: node            varchar    type:id of the shop
--          cluster         bigint     as in rings.actors
--          member_count    bigint     accounts of the ring that bought for its customers
--          address_count   bigint     addresses of customers served so
--          first_seen_at   timestamp  first such purchase
--          last_seen_at    timestamp
with members as (
    select
        cluster,
        substr(node, 7) as buyer_id
    from rings.actors
    where node like 'buyer:%'
),

purchases as (
    select
        m.cluster,
        m.buyer_id,
        o.merchant_id,
        o.address_id,
        o.created_at
    from staging.orders as o
    inner join members as m on o.buyer_id = m.buyer_id
    where o.address_id is not null
),

relays as (
    select
        p.cluster,
        o.merchant_id,
        p.buyer_id,
        p.address_id,
        p.created_at
    from purchases as p
    inner join staging.orders as o
        on
            p.address_id = o.address_id
            and p.buyer_id <> o.buyer_id
            and p.merchant_id <> o.merchant_id
            and date_diff('minute', o.created_at, p.created_at)
            between 0 and 60.0 * $relay_hours
    left join members as c
        on o.buyer_id = c.buyer_id and p.cluster = c.cluster
    where c.buyer_id is null
),

fronts as (
    select
        merchant_id,
        cluster,
        count(distinct buyer_id) as member_count,
        count(distinct address_id) as address_count,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at
    from relays
    group by merchant_id, cluster
    having count(distinct address_id) >= $relayed_addresses
),

final as (
    select
        'merchant:' || merchant_id as node,
        cluster,
        member_count,
        address_count,
        first_seen_at,
        last_seen_at
    from fronts
    qualify
        row_number() over (
            partition by merchant_id
            order by address_count desc nulls last, cluster asc nulls last
        ) = 1
)

select * from final
