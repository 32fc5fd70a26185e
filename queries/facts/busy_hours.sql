-- Hours in which one buyer ordered more than once from a shop, creator or listing.
--
-- Lines of one checkout are one order here. Every other hour has one order per buyer
-- and needs no counting. Each purchase of a guest is taken for another person's, for
-- nobody can say that two of them are of one.
--
-- grain:   entity_type, entity_id, hour_at
-- params:  none
-- returns: entity_type  varchar    merchant, creator, product
--          entity_id    varchar
--          hour_at      timestamp  start of the hour
--          day          date
--          orders       integer    orders in that hour
--          buyers       integer    distinct buyers in that hour, each guest's order
--                                  as one
with entity_types as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
    union all
    select 'product' as entity_type
),

buyer_hours as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then f.merchant_id
            when 'creator' then f.creator_id
            else f.product_id
        end as entity_id,
        f.hour_at,
        f.buyer_id,
        count(distinct f.purchase_id) as orders
    from facts.order_facts as f
    inner join facts.buyer_hours as r
        on f.buyer_id = r.buyer_id and f.hour_at = r.hour_at
    cross join entity_types as k
    where k.entity_type <> 'creator' or f.creator_id is not null
    group by all
),

hours as (
    select distinct
        entity_type,
        entity_id,
        hour_at
    from buyer_hours
    where orders > 1
),

hour_orders as (
    select
        h.entity_type,
        h.entity_id,
        h.hour_at,
        f.buyer_id,
        f.purchase_id,
        f.day
    from hours as h
    inner join facts.order_facts as f
        on
            h.entity_type = 'merchant'
            and h.entity_id = f.merchant_id
            and h.hour_at = f.hour_at
    union all
    select
        h.entity_type,
        h.entity_id,
        h.hour_at,
        f.buyer_id,
        f.purchase_id,
        f.day
    from hours as h
    inner join facts.order_facts as f
        on
            h.entity_type = 'creator'
            and h.entity_id = f.creator_id
            and h.hour_at = f.hour_at
    union all
    select
        h.entity_type,
        h.entity_id,
        h.hour_at,
        f.buyer_id,
        f.purchase_id,
        f.day
    from hours as h
    inner join facts.order_facts as f
        on
            h.entity_type = 'product'
            and h.entity_id = f.product_id
            and h.hour_at = f.hour_at
),

final as (
    select
        entity_type,
        entity_id,
        hour_at,
        day,
        cast(count(distinct purchase_id) as integer) as orders,
        cast(
            count(distinct buyer_id)
            + count(distinct purchase_id) filter (where buyer_id is null)
            as integer
        ) as buyers
    from hour_orders
    group by entity_type, entity_id, hour_at, day
)

select * from final
