-- Orders that shops, creators and listings had from accounts moving in lockstep.
--
-- In lockstep is an account of core 3 or more at the snapshot: three partners who have
-- three each. Chance makes pairs, hardly ever four accounts that all met.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type          varchar  merchant, creator, product
--          entity_id            varchar
--          as_of                date
--          lockstep_orders_90d  double   orders by accounts in lockstep, 90 days
--          lockstep_crew_90d    double   most buyers of one lockstep group
with entity_types as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
    union all
    select 'product' as entity_type
),

lockstep_buyers as (
    select
        buyer_id,
        as_of,
        group_id
    from similarity.lockstep_groups
    where core >= lockstep_core()
),

orders as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then o.merchant_id
            when 'creator' then o.creator_id
            else o.product_id
        end as entity_id,
        o.buyer_id,
        m.as_of,
        m.group_id
    from facts.order_facts as o
    inner join lockstep_buyers as m on o.buyer_id = m.buyer_id
    cross join entity_types as k
    inner join days.snapshot_days as s
        on
            k.entity_type = s.entity_type
            and m.as_of = s.as_of
            and o.day = s.day
),

groups as (
    select
        entity_type,
        entity_id,
        as_of,
        group_id,
        count(*) as orders,
        count(distinct buyer_id) as buyers
    from orders
    where entity_id is not null
    group by entity_type, entity_id, as_of, group_id
),

final as (
    select
        entity_type,
        entity_id,
        as_of,
        cast(sum(orders) as double) as lockstep_orders_90d,
        cast(max(buyers) as double) as lockstep_crew_90d
    from groups
    group by entity_type, entity_id, as_of
)

select * from final
