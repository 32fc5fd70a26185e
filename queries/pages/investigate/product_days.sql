-- What one product did on each day, quiet days included, oldest first.
--
-- grain:   day
-- params:  entity_id  varchar
--          days       bigint
-- returns: day                date
--          orders             double
--          gmv_usd            double
--          buyers             double
--          refunds            double
--          ratings            double
--          five_star_ratings  double
with span as (
    select
        greatest(
            b.as_of - cast($days as integer),
            min(m.day)
        ) as first_day,
        b.as_of - 1 as last_day
    from metrics.product_days as m
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
    cast(coalesce(m.ratings, 0) as double) as ratings,
    cast(coalesce(m.five_star_ratings, 0) as double) as five_star_ratings
from spine as s
left join metrics.product_days as m
    on s.day = m.day and m.product_id = $entity_id
order by s.day asc nulls last
