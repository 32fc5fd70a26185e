-- An honest shop that looks brushed: an approved flash sale and its rush.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id      varchar
--          from_day       date
--          to_day         date
--          usual_orders   double   median of its days with orders
--          sale_orders    bigint   on the best day of the sale
--          buyers         bigint   of that day
--          parcels        bigint   delivered of that day
--          light_parcels  bigint   of those, under half the weight
with merchant_medians as (
    select
        merchant_id,
        median(orders) as usual_orders
    from metrics.merchant_days
    where orders > 0
    group by merchant_id
),

sale_days as (
    select
        d.merchant_id as entity_id,
        d.day,
        d.orders,
        d.buyers,
        t.usual_orders
    from metrics.merchant_days as d
    inner join merchant_medians as t on d.merchant_id = t.merchant_id
    inner join staging.merchants as s on d.merchant_id = s.merchant_id
    inner join metrics.clocks as k on s.market = k.market
    inner join staging.campaigns as c
        on
            d.merchant_id = c.merchant_id
            and c.is_approved
            and d.day between local_day(c.starts_at, k.time_zone)
            and local_day(c.ends_at, k.time_zone)
    where d.orders >= 10
    qualify
        row_number() over (
            partition by d.merchant_id
            order by d.orders desc nulls last, d.day asc nulls last
        ) = 1
),

parcel_counts as (
    select
        o.merchant_id,
        o.day,
        count(*) as parcels,
        sum(d.is_light) as light_parcels
    from facts.delivery_facts as d
    inner join staging.orders as o on d.order_id = o.order_id
    inner join sale_days as r
        on o.merchant_id = r.entity_id and o.day = r.day
    group by o.merchant_id, o.day
)

select
    f.entity_id,
    f.day as from_day,
    f.day as to_day,
    cast(f.usual_orders as double) as usual_orders,
    cast(f.orders as bigint) as sale_orders,
    cast(f.buyers as bigint) as buyers,
    cast(w.parcels as bigint) as parcels,
    cast(w.light_parcels as bigint) as light_parcels
from sale_days as f
inner join parcel_counts as w on f.entity_id = w.merchant_id and f.day = w.day
where w.light_parcels <= 0.05 * w.parcels
order by
    f.orders / f.usual_orders desc nulls last,
    f.entity_id asc nulls last
limit $limit
