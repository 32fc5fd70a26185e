-- Market, age and size of some subjects as the build stands. A listing is of its shop.
--
-- grain:   entity_key
-- params:  keys             varchar[]  of `type:id`
-- returns: entity_key       varchar
--          market           varchar
--          seller_age_days  bigint     null = no seller, or nobody said since when
--          seller_orders    bigint     paid orders of the last 28 days; null = no seller
with build as (select as_of from meta.build),

subjects as (
    select
        e.entity_type || ':' || e.entity_id as entity_key,
        e.entity_type,
        e.market,
        e.registered_at,
        coalesce(
            p.merchant_id,
            case when e.entity_type = 'merchant' then e.entity_id end
        ) as merchant_id
    from graph.entities as e
    left join staging.products as p
        on e.entity_type = 'product' and e.entity_id = p.product_id
    where
        list_contains(
            cast($keys as varchar[]), e.entity_type || ':' || e.entity_id
        )
),

sales as (
    select
        s.entity_key,
        count(o.merchant_id) as orders
    from subjects as s
    cross join build as b
    left join facts.order_facts as o
        on
            s.merchant_id = o.merchant_id
            and o.day >= b.as_of - 28
            and b.as_of > o.day
    where s.merchant_id is not null
    group by s.entity_key
)

select
    s.entity_key,
    s.market,
    b.as_of - cast(
        case
            when s.entity_type = 'creator' then s.registered_at
            else m.registered_at
        end as date
    ) as seller_age_days,
    t.orders as seller_orders
from subjects as s
cross join build as b
left join staging.merchants as m on s.merchant_id = m.merchant_id
left join sales as t on s.entity_key = t.entity_key
order by s.entity_key asc nulls last
