-- What one shop was paid, is owed and paid back, by the week in which it may leave.
--
-- grain:   week
-- params:  entity_id        varchar
-- returns: week             date     Monday of the week money became or becomes free,
--                                    by the clock of the shop's market like every day
--          settlements      bigint
--          amount_usd       double
--          settled_usd      double   left for the shop
--          held_usd         double   has not left
--          clawed_back_usd  double   left and was taken back
--          first_free_on    date     first day on which money of the week may leave
--          held_free_on     date     of what has not left; null = all has
--          last_settled_on  date     null = nothing left
with clock as (
    select coalesce(any_value(z.time_zone), 'UTC') as time_zone
    from staging.merchants as m
    inner join metrics.clocks as z on m.market = z.market
    where m.merchant_id = $entity_id
),

own as (
    select
        s.amount_usd,
        s.clawed_back_usd,
        s.settled_at is null as is_held,
        local_day(s.eligible_at, c.time_zone) as free_on,
        local_day(s.settled_at, c.time_zone) as settled_on
    from staging.settlements as s
    inner join staging.orders as o on s.order_id = o.order_id
    cross join clock as c
    where o.merchant_id = $entity_id
)

select
    cast(date_trunc('week', free_on) as date) as week,
    count(*) as settlements,
    cast(sum(amount_usd) as double) as amount_usd,
    cast(
        coalesce(sum(amount_usd) filter (where not is_held), 0) as double
    ) as settled_usd,
    cast(coalesce(sum(amount_usd) filter (where is_held), 0) as double)
        as held_usd,
    cast(coalesce(sum(clawed_back_usd), 0) as double) as clawed_back_usd,
    min(free_on) as first_free_on,
    min(free_on) filter (where is_held) as held_free_on,
    max(settled_on) as last_settled_on
from own
group by date_trunc('week', free_on)
order by week desc nulls last
