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
    s.entity_key,
    s.day,
    cast(coalesce(m.orders, 0) as double) as orders,
    cast(coalesce(m.gmv_usd, 0) as double) as gmv_usd,
    cast(coalesce(m.buyers, 0) as double) as buyers,
    s.is_mature,
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
from days_of_subjects($keys, 'merchant', $days) as s
left join metrics.merchant_days as m
    on s.day = m.day and s.entity_id = m.merchant_id
qualify
    s.is_last_week
    or was_there(
        s.day, s.registered_on, min(m.day) over (partition by s.entity_key)
    )
order by s.entity_key asc nulls last, s.day asc nulls last
