-- What the creators that share something with one creator sold in a window.
--
-- grain:   neighbour_id
-- params:  entity_id           varchar  the creator
--          as_of               date     what was known before this day
--          days                bigint   length of the window
-- returns: neighbour_id        varchar
--          name                varchar  as typed
--          shared              varchar  what they share
--          orders              bigint   orders the companion brought
--          instant_orders      bigint   of these, under 5 s after the click
--          own_orders          bigint   orders the creator itself brought
--          own_instant_orders  bigint   of these, under 5 s after the click
with linked_creators as (
    select
        neighbour_id,
        string_agg(distinct relation, ', ' order by relation) as shared
    from similarity.shared_identifier_neighbours
    where
        entity_type = 'creator'
        and entity_id = $entity_id
        and valid_at(known_from, known_until, $as_of)
    group by neighbour_id
),

creator_orders as (
    select
        creator_id,
        count(*) as orders,
        cast(sum(is_instant) as bigint) as instant_orders
    from facts.order_facts
    where
        within(day, $as_of, $days)
    group by creator_id
),

final as (
    select
        k.neighbour_id,
        c.name,
        k.shared,
        coalesce(o.orders, 0) as orders,
        coalesce(o.instant_orders, 0) as instant_orders,
        coalesce(w.orders, 0) as own_orders,
        coalesce(w.instant_orders, 0) as own_instant_orders
    from linked_creators as k
    inner join graph.entities as c
        on c.entity_type = 'creator' and k.neighbour_id = c.entity_id
    left join creator_orders as o on k.neighbour_id = o.creator_id
    left join creator_orders as w on w.creator_id = $entity_id
)

select * from final
order by
    instant_orders desc nulls last,
    orders desc nulls last,
    neighbour_id asc nulls last
