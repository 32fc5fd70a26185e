-- The shops that add most to one daily metric over a period, and before it.
--
-- grain:   merchant_id
-- params:  metric      varchar
--          since       date
--          until       date
--          markets     varchar[]  list, empty = every
--          categories  varchar[]  list, empty = every
--          limit       bigint
-- returns: merchant_id  varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          category     varchar
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
        m.merchant_id,
        m.day >= p.since as is_current,
        m.orders,
        case $metric
            when 'gmv_usd' then m.gmv_usd
            when 'refunds' then m.refunds
            when 'voucher_orders' then m.voucher_orders
            when 'crowded_device_orders' then m.crowded_device_orders
            when 'late_dispatches' then m.late_dispatches
            else m.orders
        end as amount
    from metrics.merchant_days as m
    cross join period as p
    where m.day between p.since - cast(p.length as integer) and p.until
),

merchants as (
    select
        d.merchant_id,
        e.name,
        e.market,
        e.category,
        sum(if(d.is_current, d.amount, 0)) as amount,
        sum(if(d.is_current, 0, d.amount)) as previous,
        sum(if(d.is_current, d.orders, 0)) as orders
    from amounts as d
    inner join graph.entities as e
        on d.merchant_id = e.entity_id and e.entity_type = 'merchant'
    where
        is_chosen(cast($markets as varchar[]), e.market)
        and is_chosen(cast($categories as varchar[]), e.category)
    group by d.merchant_id, e.name, e.market, e.category
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
    h.name,
    h.market,
    h.category,
    cast(h.amount as double) as amount,
    cast(h.previous as double) as previous,
    cast(h.orders as double) as orders,
    cast(
        h.amount / nullif(cast(sum(h.amount) over () as double), 0) as double
    ) as share,
    cast(s.score as double) as score,
    s.score_band
from merchants as h
left join latest_scores as s on h.merchant_id = s.entity_id
where h.amount > 0
order by h.amount desc nulls last, h.merchant_id asc nulls last
limit $limit
