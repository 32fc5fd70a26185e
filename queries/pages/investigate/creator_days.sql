-- What one creator did on each day, quiet days included, oldest first.
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
--          commission_usd         double
--          live_views             double
--          product_clicks         double
--          followers              double
--          crowded_device_orders  double
with span as (
    select
        c.last_whole_day as last_day,
        c.last_mature_day,
        greatest(b.as_of - cast($days as integer), c.first_whole_day)
            as first_day
    from graph.entities as e
    inner join metrics.clocks as c on e.market = c.market
    cross join meta.build as b
    where e.entity_type = 'creator' and e.entity_id = $entity_id
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
    cast(coalesce(m.commission_usd, 0) as double) as commission_usd,
    cast(coalesce(m.live_views, 0) as double) as live_views,
    cast(coalesce(m.product_clicks, 0) as double) as product_clicks,
    cast(m.followers as double) as followers,
    cast(
        coalesce(m.crowded_device_orders, 0) as double
    ) as crowded_device_orders
from spine as s
left join metrics.creator_days as m
    on s.day = m.day and m.creator_id = $entity_id
order by s.day asc nulls last
