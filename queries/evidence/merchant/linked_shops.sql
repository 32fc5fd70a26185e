-- What the shops with the same owner's details as one shop did in a window.
--
-- grain:   sibling_id
-- params:  entity_id          varchar  the shop
--          as_of              date     what was known before this day
--          days               bigint   length of the window
-- returns: sibling_id         varchar
--          name               varchar  as typed
--          shared             varchar  what they share
--          deliveries         bigint   parcels of the sibling delivered
--          light_parcels      bigint   of these, under half the declared weight
--          orders             bigint   orders at the sibling
--          bad_orders         bigint   of these, by buyers confirmed bad
--          base_rate          double   share of all buyers confirmed bad
--          own_deliveries     bigint   parcels of the shop itself delivered
--          own_light_parcels  bigint   of these, under half the declared weight
with siblings as (
    select
        sibling_id,
        string_agg(distinct relation, ', ' order by relation) as shared
    from facts.sibling_shops
    where
        merchant_id = $entity_id
        and valid_at(known_from, known_until, $as_of)
    group by sibling_id
),

parcel_counts as (
    select
        merchant_id,
        count(*) as deliveries,
        cast(sum(is_light) as bigint) as light_parcels
    from facts.delivery_facts
    where
        within(day, $as_of, $days)
    group by merchant_id
),

order_counts as (
    select
        o.merchant_id,
        count(*) as orders,
        count(v.entity_id) as bad_orders
    from facts.order_facts as o
    left join facts.verdicts as v
        on
            v.entity_type = 'buyer'
            and o.buyer_id = v.entity_id
            and v.label = 'bad'
            and in_force(v.known_day, v.replaced_day, $as_of)
    where
        within(o.day, $as_of, $days)
    group by o.merchant_id
),

final as (
    select
        s.sibling_id,
        m.name,
        s.shared,
        coalesce(p.deliveries, 0) as deliveries,
        coalesce(p.light_parcels, 0) as light_parcels,
        coalesce(o.orders, 0) as orders,
        coalesce(o.bad_orders, 0) as bad_orders,
        r.base_rate,
        coalesce(w.deliveries, 0) as own_deliveries,
        coalesce(w.light_parcels, 0) as own_light_parcels
    from siblings as s
    inner join staging.merchants as m on s.sibling_id = m.merchant_id
    inner join population.base_rates as r
        on r.entity_type = 'buyer' and r.as_of = cast($as_of as date)
    left join parcel_counts as p on s.sibling_id = p.merchant_id
    left join parcel_counts as w on w.merchant_id = $entity_id
    left join order_counts as o on s.sibling_id = o.merchant_id
)

select * from final
order by
    bad_orders desc nulls last,
    light_parcels desc nulls last,
    sibling_id asc nulls last
