-- Reviews of one listing by day, on its market's clock.
--
-- grain:   day
-- params:  entity_id  varchar
-- returns: day        date
--          low        bigint  one or two stars
--          middle     bigint  three
--          high       bigint  four or five
--          stars      bigint  of all of them
with clock as (
    select coalesce(any_value(c.time_zone), 'UTC') as time_zone
    from graph.entities as e
    left join metrics.clocks as c on e.market = c.market
    where e.entity_type = 'product' and e.entity_id = $entity_id
)

select
    local_day(v.created_at, c.time_zone) as day,
    count(*) filter (where v.rating <= 2) as low,
    count(*) filter (where v.rating = 3) as middle,
    count(*) filter (where v.rating >= 4) as high,
    cast(sum(v.rating) as bigint) as stars
from staging.reviews as v
inner join staging.orders as o on v.order_id = o.order_id
cross join clock as c
where o.product_id = $entity_id
group by local_day(v.created_at, c.time_zone)
order by day asc nulls last
