-- Why money was asked back for the orders of a subject, beside what its kind of orders makes.
--
-- Orders of the last 90 whole days, and what was asked of them by now. What is usual is
-- what as many orders of others made, of the same category, market and month: young orders
-- had less time.
--
-- grain:   entity_type, entity_id, reason
-- params:  none
-- returns: entity_type  varchar
--          entity_id    varchar
--          reason       varchar  as delivered, or unknown
--          orders       bigint   of the subject in these days
--          requests     bigint   that gave the reason
--          amount_usd   double   asked back
--          usual        double   requests of as many orders of others; null = no others
with sales as (
    select
        o.order_id,
        o.category,
        o.market,
        (c.last_whole_day - o.day) // 30 as months_ago,
        unnest([
            { 'entity_type': 'merchant', 'entity_id': o.merchant_id },
            { 'entity_type': 'product', 'entity_id': o.product_id },
            { 'entity_type': 'creator', 'entity_id': o.creator_id },
            { 'entity_type': 'buyer', 'entity_id': o.buyer_id }
        ]) as one
    from metrics.order_outcomes as o
    inner join metrics.clocks as c on o.market = c.market
    where o.day > c.last_whole_day - 90 and o.day <= c.last_whole_day
),

requests as (
    select
        s.*,
        coalesce(r.reason, 'unknown') as reason,
        cast(r.amount_usd as decimal(18, 6)) as amount_usd
    from staging.refunds as r
    inner join sales as s on r.order_id = s.order_id
),

-- Each order stands once for its shop: of all orders those rows are the whole.
all_orders as (
    select
        category,
        market,
        months_ago,
        count(*) as orders
    from sales
    where one.entity_type = 'merchant'
    group by category, market, months_ago
),

all_requests as (
    select
        category,
        market,
        months_ago,
        reason,
        count(*) as requests
    from requests
    where one.entity_type = 'merchant'
    group by category, market, months_ago, reason
),

own_orders as (
    select
        one,
        category,
        market,
        months_ago,
        count(*) as orders
    from sales
    where one.entity_id is not null
    group by one, category, market, months_ago
),

own_cells as (
    select
        one,
        category,
        market,
        months_ago,
        reason,
        count(*) as requests
    from requests
    where one.entity_id is not null
    group by one, category, market, months_ago, reason
),

own_reasons as (
    select
        one,
        reason,
        count(*) as requests,
        sum(amount_usd) as amount_usd
    from requests
    where one.entity_id is not null
    group by one, reason
),

own_sizes as (
    select
        one,
        sum(orders) as orders
    from own_orders
    group by one
),

usual as (
    select
        w.one,
        w.reason,
        sum(
            o.orders * (coalesce(r.requests, 0) - coalesce(c.requests, 0))
            / nullif(a.orders - o.orders, 0)
        ) as usual
    from own_reasons as w
    inner join own_orders as o on w.one = o.one
    inner join all_orders as a
        on
            o.category = a.category
            and o.market = a.market
            and o.months_ago = a.months_ago
    left join all_requests as r
        on
            o.category = r.category
            and o.market = r.market
            and o.months_ago = r.months_ago
            and w.reason = r.reason
    left join own_cells as c
        on
            w.one = c.one
            and o.category = c.category
            and o.market = c.market
            and o.months_ago = c.months_ago
            and w.reason = c.reason
    group by w.one, w.reason
),

final as (
    select
        w.one.entity_type,
        w.one.entity_id,
        w.reason,
        cast(s.orders as bigint) as orders,
        w.requests,
        cast(w.amount_usd as double) as amount_usd,
        round(cast(u.usual as double), 6) as usual
    from own_reasons as w
    inner join own_sizes as s on w.one = s.one
    left join usual as u on w.one = u.one and w.reason = u.reason
)

select * from final
