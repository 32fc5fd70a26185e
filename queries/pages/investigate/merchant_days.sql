-- What some merchants did on each day, quiet days included, oldest first.
--
-- From the day of registration on; the last week always, so that it is a whole one.
--
-- grain:   entity_key, day
-- params:  keys  varchar[]  list of type:id
--          days  bigint
-- returns: entity_key  varchar  type:id
--          day                    date    local
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
select
    k.entity_key,
    d.day,
    cast(coalesce(m.orders, 0) as double) as orders,
    cast(coalesce(m.gmv_usd, 0) as double) as gmv_usd,
    cast(coalesce(m.buyers, 0) as double) as buyers,
    d.is_mature,
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
from subjects_of($keys) as k
inner join graph.entities as e
    on k.entity_type = e.entity_type and k.entity_id = e.entity_id
inner join metrics.clocks as c on e.market = c.market
inner join metrics.local_days as d on e.market = d.market
cross join meta.build as b
left join metrics.merchant_days as m
    on d.day = m.day and e.entity_id = m.merchant_id
where
    e.entity_type = 'merchant'
    and d.day >= b.as_of - cast($days as integer)
qualify
    d.day > c.last_whole_day - 7
    or was_there(
        d.day,
        local_day(e.registered_at, c.time_zone),
        min(m.day) over (partition by k.entity_key)
    )
order by k.entity_key asc nulls last, d.day asc nulls last
