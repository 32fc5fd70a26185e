-- What some products did on each day, quiet days included, oldest first.
--
-- From the day of registration on; the last week always, so that it is a whole one.
--
-- grain:   entity_key, day
-- params:  keys  varchar[]  list of type:id
--          days  bigint
-- returns: entity_key  varchar  type:id
--          day                date    local
--          orders             double
--          gmv_usd            double
--          buyers             double
--          is_mature          boolean  refund_days have passed
--          refunded_orders    double   asked back in refund_days
--          ratings            double
--          five_star_ratings  double
select
    s.entity_key,
    s.day,
    cast(coalesce(m.orders, 0) as double) as orders,
    cast(coalesce(m.gmv_usd, 0) as double) as gmv_usd,
    cast(coalesce(m.buyers, 0) as double) as buyers,
    s.is_mature,
    cast(coalesce(m.refunded_orders, 0) as double) as refunded_orders,
    cast(coalesce(m.ratings, 0) as double) as ratings,
    cast(coalesce(m.five_star_ratings, 0) as double) as five_star_ratings
from days_of_subjects($keys, 'product', $days) as s
left join metrics.product_days as m
    on s.day = m.day and s.entity_id = m.product_id
qualify
    s.is_last_week
    or was_there(
        s.day, s.registered_on, min(m.day) over (partition by s.entity_key)
    )
order by s.entity_key asc nulls last, s.day asc nulls last
