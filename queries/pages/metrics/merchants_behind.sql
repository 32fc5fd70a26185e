-- The shops that add most to one daily metric over a period, and before it.
--
-- grain:   merchant_id
-- params:  metric      varchar    a sum of metrics.cube
--          since       date
--          until       date
--          markets     varchar[]  list, empty = every
--          categories  varchar[]  list, empty = every
--          channels    varchar[]  list, empty = every
--          limit       bigint
-- returns: merchant_id  varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          category     varchar  best-selling
--          amount       double   of the metric, in its unit
--          previous     double   the same over the equal period before
--          orders       double
--          share        double   of the amount of all shops in the slice
--          score        double   null = not scored
--          score_band   varchar
with period as (
    select
        cast($since as date) as since,
        cast($until as date) as until,
        cast($until as date) - cast($since as date) + 1 as length
),

amounts as (
    select
        o.merchant_id,
        o.day >= p.since as is_current,
        o.orders,
        columns(lambda c: c = $metric) as amount
    from metrics.order_outcomes as o
    cross join period as p
    where
        o.day between p.since - cast(p.length as integer) and p.until
        and is_chosen(cast($markets as varchar[]), o.market)
        and is_chosen(cast($categories as varchar[]), o.category)
        and is_chosen(cast($channels as varchar[]), o.channel)
),

merchants as (
    select
        merchant_id,
        sum(if(is_current, amount, 0)) as amount,
        sum(if(is_current, 0, amount)) as previous,
        sum(if(is_current, orders, 0)) as orders
    from amounts
    group by merchant_id
),

latest_scores as (
    select
        entity_id,
        probability as score,
        score_band
    from alerts.probabilities
    where entity_type = 'merchant'
)

select
    h.merchant_id,
    e.name,
    e.market,
    e.category,
    cast(h.amount as double) as amount,
    cast(h.previous as double) as previous,
    cast(h.orders as double) as orders,
    cast(
        h.amount / nullif(cast(sum(h.amount) over () as double), 0) as double
    ) as share,
    cast(s.score as double) as score,
    s.score_band
from merchants as h
inner join graph.entities as e
    on h.merchant_id = e.entity_id and e.entity_type = 'merchant'
left join latest_scores as s on h.merchant_id = s.entity_id
where h.amount > 0
order by h.amount desc nulls last, h.merchant_id asc nulls last
limit $limit
