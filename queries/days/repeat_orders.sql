-- Orders of who had ordered at the same place within 30 days before.
--
-- Few come back so soon. Orders of 30 days less those whose earlier one lies in the
-- same 30 days are the distinct parties of 30 days.
--
-- grain:   entity_type, entity_id, party, day, previous_day
-- params:  none
-- returns: entity_type   varchar  merchant, creator, product, buyer
--          entity_id     varchar
--          entity_key    bigint   of facts.entity_keys
--          party         varchar  buyer, device; merchant for a buyer
--          day           date
--          previous_day  date     of the same party's order before
--          orders        bigint
with returning_buyers as (
    select
        merchant_id,
        buyer_id
    from facts.order_facts
    group by merchant_id, buyer_id
    having count(*) > 1
),

returning_devices as (
    select
        merchant_id,
        device_id
    from facts.order_facts
    group by merchant_id, device_id
    having count(*) > 1
),

creator_buyers as (
    select
        creator_id,
        buyer_id
    from facts.order_facts
    where creator_id is not null
    group by creator_id, buyer_id
    having count(*) > 1
),

creator_devices as (
    select
        creator_id,
        device_id
    from facts.order_facts
    where creator_id is not null
    group by creator_id, device_id
    having count(*) > 1
),

-- Who buys a listing again is at its shop again.
returning_orders as (
    select
        o.merchant_id,
        o.product_id,
        o.buyer_id,
        o.day
    from facts.order_facts as o
    inner join returning_buyers as p
        on o.merchant_id = p.merchant_id and o.buyer_id = p.buyer_id
),

merchant_visits as (
    select
        merchant_id,
        buyer_id,
        day,
        lag(day) over (
            partition by merchant_id, buyer_id
            order by day
        ) as previous_day
    from returning_orders
),

repeats as (
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        'buyer' as party,
        day,
        previous_day
    from merchant_visits
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        'merchant' as party,
        day,
        previous_day
    from merchant_visits
    union all
    select
        'product' as entity_type,
        product_id as entity_id,
        'buyer' as party,
        day,
        lag(day) over (
            partition by product_id, buyer_id
            order by day
        ) as previous_day
    from returning_orders
    union all
    select
        'merchant' as entity_type,
        o.merchant_id as entity_id,
        'device' as party,
        o.day,
        lag(o.day) over (
            partition by o.merchant_id, o.device_id
            order by o.day
        ) as previous_day
    from facts.order_facts as o
    inner join returning_devices as p
        on o.merchant_id = p.merchant_id and o.device_id = p.device_id
    union all
    select
        'creator' as entity_type,
        o.creator_id as entity_id,
        'buyer' as party,
        o.day,
        lag(o.day) over (
            partition by o.creator_id, o.buyer_id
            order by o.day
        ) as previous_day
    from facts.order_facts as o
    inner join creator_buyers as p
        on o.creator_id = p.creator_id and o.buyer_id = p.buyer_id
    union all
    select
        'creator' as entity_type,
        o.creator_id as entity_id,
        'device' as party,
        o.day,
        lag(o.day) over (
            partition by o.creator_id, o.device_id
            order by o.day
        ) as previous_day
    from facts.order_facts as o
    inner join creator_devices as p
        on o.creator_id = p.creator_id and o.device_id = p.device_id
),

day_counts as (
    select
        entity_type,
        entity_id,
        party,
        day,
        previous_day,
        count(*) as orders
    from repeats
    where previous_day >= day - 30
    group by entity_type, entity_id, party, day, previous_day
),

final as (
    select
        c.entity_type,
        c.entity_id,
        n.entity_key,
        c.party,
        c.day,
        c.previous_day,
        c.orders
    from day_counts as c
    inner join facts.entity_keys as n
        on c.entity_type = n.entity_type and c.entity_id = n.entity_id
)

select * from final
