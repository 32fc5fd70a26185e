-- Creators who keep commission on orders that went back after it was paid.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id       varchar
--          from_day        date     first order that went back after it
--          to_day          date     last request of that kind
--          orders          bigint   through the creator between the two
--          buyers          bigint   of those orders
--          own_orders      bigint   from devices the creator uses too
--          instant_orders  bigint   within 5 seconds of the click
--          refunds         bigint   requests on those orders
--          late_refunds    bigint   requested after commission was paid
--          late_buyers     bigint   who asked for those
--          refund_usd      double   of those
--          commission_usd  double   paid on orders that went back after it
with late_requests as (
    select
        r.creator_id,
        min(o.day) as from_day,
        max(r.day) as to_day,
        count(*) as late_refunds,
        count(distinct r.buyer_id) as late_buyers,
        sum(r.amount_usd) as refund_usd,
        sum(c.amount_usd) as commission_usd
    from facts.refund_facts as r
    inner join staging.commissions as c on r.order_id = c.order_id
    inner join staging.orders as o on r.order_id = o.order_id
    where r.requested_at >= c.paid_at
    group by r.creator_id
    having count(*) >= 3
),

order_counts as (
    select
        l.creator_id,
        count(*) as orders,
        count(distinct o.buyer_id) as buyers,
        count(*) filter (where o.is_creator_device = 1) as own_orders,
        count(*) filter (where o.is_instant = 1) as instant_orders,
        count(r.order_id) as refunds
    from late_requests as l
    inner join facts.order_facts as o
        on l.creator_id = o.creator_id and o.day between l.from_day and l.to_day
    left join facts.refund_facts as r on o.order_id = r.order_id
    group by l.creator_id
)

select
    l.creator_id as entity_id,
    l.from_day,
    l.to_day,
    p.orders,
    p.buyers,
    p.own_orders,
    p.instant_orders,
    p.refunds,
    l.late_refunds,
    l.late_buyers,
    cast(l.refund_usd as double) as refund_usd,
    cast(l.commission_usd as double) as commission_usd
from late_requests as l
inner join order_counts as p on l.creator_id = p.creator_id
order by
    cast(l.late_refunds as double) * l.late_refunds / p.orders desc nulls last,
    l.creator_id asc nulls last
limit $limit
