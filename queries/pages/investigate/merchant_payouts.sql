-- What one shop was paid, is owed and paid back, by the week in which it may leave.
--
-- grain:   week
-- params:  entity_id        varchar
-- returns: week             date       Monday of the week, UTC, money became or becomes free
--          settlements      bigint
--          amount_usd       double
--          settled_usd      double     left for the shop
--          held_usd         double     has not left
--          clawed_back_usd  double     left and was taken back
--          first_free_on    date       first day on which money of the week may leave
--          last_settled_on  date       null = nothing left
select
    cast(date_trunc('week', s.eligible_at) as date) as week,
    count(*) as settlements,
    cast(sum(s.amount_usd) as double) as amount_usd,
    cast(
        coalesce(sum(s.amount_usd) filter (where s.settled_at is not null), 0)
        as double
    ) as settled_usd,
    cast(
        coalesce(sum(s.amount_usd) filter (where s.settled_at is null), 0)
        as double
    ) as held_usd,
    cast(coalesce(sum(s.clawed_back_usd), 0) as double) as clawed_back_usd,
    cast(min(s.eligible_at) as date) as first_free_on,
    cast(max(s.settled_at) as date) as last_settled_on
from staging.settlements as s
inner join staging.orders as o on s.order_id = o.order_id
where o.merchant_id = $entity_id
group by date_trunc('week', s.eligible_at)
order by week desc nulls last
