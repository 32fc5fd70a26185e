-- Orders of one entity in a window, those by accounts moving in lockstep first.
--
-- grain:   order_id
-- params:  entity_type     varchar  merchant, creator or product
--          entity_id       varchar
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: order_id        varchar
--          created_at      timestamp  UTC
--          buyer_id        varchar
--          product_id      varchar
--          paid_usd        double     USD
--          is_in_lockstep  integer    1 for an account of core 3 or more
--          core            double     core number of the buyer
--          group_id        varchar    lockstep group of the buyer
--          crew            bigint     buyers of the entity in that group
with orders as (
    select
        o.order_id,
        o.created_at,
        o.buyer_id,
        o.product_id,
        o.paid_usd,
        case when g.core >= lockstep_core() then 1 else 0 end as is_in_lockstep,
        g.core,
        case when g.core >= lockstep_core() then g.group_id end as group_id
    from facts.order_facts as o
    left join similarity.lockstep_groups as g
        on o.buyer_id = g.buyer_id and g.as_of = cast($as_of as date)
    where
        party_id(
            $entity_type, o.merchant_id, o.creator_id, o.product_id, o.buyer_id
        ) = $entity_id
        and within(o.day, $as_of, $days)
),

group_crews as (
    select
        group_id,
        count(distinct buyer_id) as crew
    from orders
    where group_id is not null
    group by group_id
),

final as (
    select
        p.*,
        coalesce(c.crew, 0) as crew
    from orders as p
    left join group_crews as c on p.group_id = c.group_id
)

select * from final
order by
    is_in_lockstep desc nulls last,
    crew desc nulls last,
    created_at desc nulls last,
    order_id desc
