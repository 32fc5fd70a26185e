-- Paid orders that are on their way, or of which a payout is still to come.
--
-- On its way: paid in the last 30 days and neither cancelled nor delivered. Payouts of an
-- order are the settlement to its shop and the commission to its creator; one that was
-- clawed back is none. Kept so that a page that asks whom an action touches reads these
-- few: docs/decisions/0154-impact-from-open-orders.md.
--
-- grain:   order_id
-- params:  none
-- returns: order_id              varchar
--          merchant_id           varchar
--          product_id            varchar
--          creator_id            varchar  null = nobody promoted it
--          live_session_id       varchar  null = not sold in a room
--          buyer_id              varchar  null = a guest
--          paid_usd              double
--          is_under_way          boolean
--          settlement_count      bigint   payouts to the shop that are to come
--          settlement_usd        double   null = none
--          settlement_day        date     the first of them, local like all days
--          settlement_held_usd   double   of it, past its day: held
--          commission_count      bigint   the same to the creator
--          commission_usd        double
--          commission_day        date
--          commission_held_usd   double
with today as (
    select max(as_of) as as_of
    from facts.snapshots
),

unsettled as (
    select o.order_id
    from staging.orders as o
    cross join today as t
    where
        o.paid_at >= t.as_of - interval 30 day
        and o.cancelled_at is null
),

delivered as (
    select distinct order_id
    from staging.shipments
    where delivered_at is not null
),

under_way as (
    select u.order_id
    from unsettled as u
    left join delivered as d on u.order_id = d.order_id
    where d.order_id is null
),

settlements as (
    select
        s.order_id,
        count(*) as payouts,
        sum(s.amount_usd) as amount_usd,
        min(s.eligible_at) as first_at,
        sum(s.amount_usd) filter (where s.eligible_at < t.as_of) as held_usd
    from staging.settlements as s
    cross join today as t
    where
        s.clawed_back_at is null
        and (s.settled_at is null or s.settled_at >= t.as_of)
    group by s.order_id
),

commissions as (
    select
        c.order_id,
        count(*) as payouts,
        sum(c.amount_usd) as amount_usd,
        min(c.eligible_at) as first_at,
        sum(c.amount_usd) filter (where c.eligible_at < t.as_of) as held_usd
    from staging.commissions as c
    cross join today as t
    where
        c.clawed_back_at is null
        and (c.paid_at is null or c.paid_at >= t.as_of)
    group by c.order_id
)

select
    o.order_id,
    o.merchant_id,
    o.product_id,
    o.creator_id,
    o.live_session_id,
    o.buyer_id,
    o.paid_usd,
    u.order_id is not null as is_under_way,
    coalesce(s.payouts, 0) as settlement_count,
    s.amount_usd as settlement_usd,
    local_day(s.first_at, coalesce(z.time_zone, 'UTC')) as settlement_day,
    s.held_usd as settlement_held_usd,
    coalesce(c.payouts, 0) as commission_count,
    c.amount_usd as commission_usd,
    local_day(c.first_at, coalesce(z.time_zone, 'UTC')) as commission_day,
    c.held_usd as commission_held_usd
from staging.orders as o
left join under_way as u on o.order_id = u.order_id
left join settlements as s on o.order_id = s.order_id
left join commissions as c on o.order_id = c.order_id
left join staging.merchants as m on o.merchant_id = m.merchant_id
left join metrics.clocks as z on m.market = z.market
where
    u.order_id is not null
    or s.order_id is not null
    or c.order_id is not null
order by
    merchant_id asc nulls last,
    order_id asc nulls last
