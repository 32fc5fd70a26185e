-- What one creator did on each day, quiet days included, oldest first.
--
-- grain:   day
-- params:  entity_id  varchar
--          days       bigint
-- returns: day                    date
--          orders                 double
--          gmv_usd                double
--          buyers                 double
--          refunds                double
--          commission_usd         double
--          live_views             double
--          product_clicks         double
--          followers              double
--          crowded_device_orders  double
with span as (
    select
        greatest(
            b.as_of - cast($days as integer),
            min(m.day)
        ) as first_day,
        b.as_of - 1 as last_day
    from metrics.creator_days as m
    cross join meta.build as b
    group by b.as_of
),

spine as (
    select
        cast(
            unnest(generate_series(first_day, last_day, interval 1 day))
            as date
        ) as day
    from span
)

select
    s.day,
    cast(coalesce(m.orders, 0) as double) as orders,
    cast(coalesce(m.gmv_usd, 0) as double) as gmv_usd,
    cast(coalesce(m.buyers, 0) as double) as buyers,
    cast(coalesce(m.refunds, 0) as double) as refunds,
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
