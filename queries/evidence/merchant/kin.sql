-- What the shops behind the same desk as one shop did in a window.
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

bad_buyers as (
    select entity_id as buyer_id
    from facts.verdicts
    where
        entity_type = 'buyer'
        and label = 'bad'
        and in_force(known_day, replaced_day, $as_of)
),

order_counts as (
    select
        o.merchant_id,
        count(*) as orders,
        count(c.buyer_id) as bad_orders
    from facts.order_facts as o
    left join bad_buyers as c on o.buyer_id = c.buyer_id
    where
        within(o.day, $as_of, $days)
    group by o.merchant_id
),

base_rates as (
    select base_rate
    from population.base_rates
    where entity_type = 'buyer' and as_of = cast($as_of as date)
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
    cross join base_rates as r
    left join parcel_counts as p on s.sibling_id = p.merchant_id
    left join parcel_counts as w on w.merchant_id = $entity_id
    left join order_counts as o on s.sibling_id = o.merchant_id
)

select * from final
order by
    bad_orders desc nulls last,
    light_parcels desc nulls last,
    sibling_id asc nulls last
