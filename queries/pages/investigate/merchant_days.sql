-- What one merchant did on each day, quiet days included, oldest first.
--
-- Whole local days of its market only: a day cut short looks like a fall.
--
-- grain:   day
-- params:  entity_id  varchar
--          days       bigint
-- returns: day                    date    local
--          orders                 double
--          gmv_usd                double
--          buyers                 double
--          is_mature              boolean  refund_days have passed
--          refunded_orders        double   asked back in refund_days
--          voucher_orders         double
--          crowded_device_orders  double
--          ratings                double
--          five_star_ratings      double
--          late_dispatches        double
--          deliveries             double   parcels
--          light_parcels          double   under half the declared weight
with span as (
    select
        c.last_whole_day as last_day,
        c.last_mature_day,
        greatest(b.as_of - cast($days as integer), c.first_whole_day)
            as first_day
    from graph.entities as e
    inner join metrics.clocks as c on e.market = c.market
    cross join meta.build as b
    where e.entity_type = 'merchant' and e.entity_id = $entity_id
),

spine as (
    select
        cast(
            unnest(generate_series(first_day, last_day, interval 1 day))
            as date
        ) as day,
        last_mature_day
    from span
)

select
    s.day,
    cast(coalesce(m.orders, 0) as double) as orders,
    cast(coalesce(m.gmv_usd, 0) as double) as gmv_usd,
    cast(coalesce(m.buyers, 0) as double) as buyers,
    s.day <= s.last_mature_day as is_mature,
    cast(coalesce(m.refunded_orders, 0) as double) as refunded_orders,
    cast(coalesce(m.voucher_orders, 0) as double) as voucher_orders,
    cast(
        coalesce(m.crowded_device_orders, 0) as double
    ) as crowded_device_orders,
    cast(coalesce(m.ratings, 0) as double) as ratings,
    cast(coalesce(m.five_star_ratings, 0) as double) as five_star_ratings,
    cast(coalesce(m.late_dispatches, 0) as double) as late_dispatches,
    cast(coalesce(m.deliveries, 0) as double) as deliveries,
    cast(coalesce(m.light_parcels, 0) as double) as light_parcels
from spine as s
left join metrics.merchant_days as m
    on s.day = m.day and m.merchant_id = $entity_id
order by s.day asc nulls last
