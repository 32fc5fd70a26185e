-- What some buyers did on each day, quiet days included, oldest first.
--
-- From the day of registration on; the last week always, so that it is a whole one.
--
-- grain:   entity_key, day
-- params:  keys  varchar[]  list of type:id
--          days  bigint
-- returns: entity_key  varchar  type:id
--          day              date    local
--          orders           double
--          spend_usd        double
--          is_mature        boolean  refund_days have passed
--          refunded_orders  double   asked back in refund_days
--          voucher_usd      double
select
    s.entity_key,
    s.day,
    cast(coalesce(m.orders, 0) as double) as orders,
    cast(coalesce(m.spend_usd, 0) as double) as spend_usd,
    s.is_mature,
    cast(coalesce(m.refunded_orders, 0) as double) as refunded_orders,
    cast(coalesce(m.voucher_usd, 0) as double) as voucher_usd
from days_of_subjects($keys, 'buyer', $days) as s
left join metrics.buyer_days as m
    on s.day = m.day and s.entity_id = m.buyer_id
qualify
    s.is_last_week
    or was_there(
        s.day, s.registered_on, min(m.day) over (partition by s.entity_key)
    )
order by s.entity_key asc nulls last, s.day asc nulls last
