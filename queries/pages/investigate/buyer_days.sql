-- What one buyer did on each day, quiet days included, oldest first.
--
-- Whole local days of its market only: a day cut short looks like a fall.
--
-- grain:   day
-- params:  entity_id  varchar
--          days       bigint
-- returns: day              date    local
--          orders           double
--          spend_usd        double
--          is_mature        boolean  refund_days have passed
--          refunded_orders  double   asked back in refund_days
--          voucher_usd      double
with span as (
    select
        c.last_whole_day as last_day,
        c.last_mature_day,
        greatest(b.as_of - cast($days as integer), c.first_whole_day)
            as first_day
    from graph.entities as e
    inner join metrics.clocks as c on e.market = c.market
    cross join meta.build as b
    where e.entity_type = 'buyer' and e.entity_id = $entity_id
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
    cast(coalesce(m.spend_usd, 0) as double) as spend_usd,
    s.day <= s.last_mature_day as is_mature,
    cast(coalesce(m.refunded_orders, 0) as double) as refunded_orders,
    cast(coalesce(m.voucher_usd, 0) as double) as voucher_usd
from spine as s
left join metrics.buyer_days as m
    on s.day = m.day and m.buyer_id = $entity_id
order by s.day asc nulls last
