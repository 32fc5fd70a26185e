-- What some creators did on each day, quiet days included, oldest first.
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
--          commission_usd         double
--          room_orders            double   placed in live rooms
--          live_views             double
--          product_clicks         double
--          followers              double
--          crowded_device_orders  double
select
    s.entity_key,
    s.day,
    cast(coalesce(m.orders, 0) as double) as orders,
    cast(coalesce(m.gmv_usd, 0) as double) as gmv_usd,
    cast(coalesce(m.buyers, 0) as double) as buyers,
    s.is_mature,
    cast(coalesce(m.refunded_orders, 0) as double) as refunded_orders,
    cast(coalesce(m.commission_usd, 0) as double) as commission_usd,
    cast(coalesce(m.room_orders, 0) as double) as room_orders,
    cast(coalesce(m.live_views, 0) as double) as live_views,
    cast(coalesce(m.product_clicks, 0) as double) as product_clicks,
    cast(m.followers as double) as followers,
    cast(
        coalesce(m.crowded_device_orders, 0) as double
    ) as crowded_device_orders
from days_of_subjects($keys, 'creator', $days) as s
left join metrics.creator_days as m
    on s.day = m.day and s.entity_id = m.creator_id
qualify
    s.is_last_week
    or was_there(
        s.day, s.registered_on, min(m.day) over (partition by s.entity_key)
    )
order by s.entity_key asc nulls last, s.day asc nulls last
