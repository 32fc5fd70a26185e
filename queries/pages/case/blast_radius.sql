-- Whom acting on some subjects would touch: buyers who wait for goods, money held back.
--
-- An order is on its way when it was paid in the last 30 days and is neither cancelled nor
-- delivered. Of those of shops among the subjects the buyers who are none of them would be
-- hurt.
--
-- grain:   subjects
-- params:  keys  varchar[]  list of type:id that would be acted on
-- returns: subjects            bigint
--          unqueued_count      bigint  members for whom no alert speaks
--          order_count         bigint  paid orders on their way to or from them
--          order_usd           double
--          waiting_buyers      bigint  buyers outside who wait for goods of their shops
--          payout_count        bigint  payouts to their shops that are still to come
--          payout_usd          double
--          next_payout_day     date    null = none
with subjects as (
    select
        k.node_key,
        split_part(k.node_key, ':', 1) as entity_type,
        substr(k.node_key, strpos(k.node_key, ':') + 1) as entity_id
    from (
        select distinct unnest(cast($keys as varchar[])) as node_key
    ) as k
),

counts as (
    select
        count(*) as subjects,
        cast(sum(flag(a.alert_id is null)) as bigint) as unqueued_count
    from subjects as s
    left join alerts.alerts as a
        on s.entity_type = a.entity_type and s.entity_id = a.entity_id
),

deliveries as (
    select
        order_id,
        max(delivered_at) as delivered_at
    from staging.shipments
    group by order_id
),

on_their_way as (
    select
        o.order_id,
        o.buyer_id,
        o.paid_usd,
        m.entity_id is not null as is_of_shop,
        b.entity_id is not null as is_of_buyer
    from staging.orders as o
    cross join meta.build as n
    left join deliveries as d on o.order_id = d.order_id
    left join subjects as m
        on m.entity_type = 'merchant' and o.merchant_id = m.entity_id
    left join subjects as b
        on b.entity_type = 'buyer' and o.buyer_id = b.entity_id
    where
        o.paid_at >= n.as_of - interval 30 day
        and o.cancelled_at is null
        and d.delivered_at is null
        and (m.entity_id is not null or b.entity_id is not null)
),

orders as (
    select
        count(*) as order_count,
        dollars(sum(paid_usd)) as order_usd,
        count(distinct buyer_id) filter (where is_of_shop and not is_of_buyer)
            as waiting_buyers
    from on_their_way
),

payouts as (
    select
        count(*) as payout_count,
        dollars(sum(t.amount_usd)) as payout_usd,
        cast(min(t.eligible_at) as date) as next_payout_day
    from staging.settlements as t
    inner join staging.orders as o on t.order_id = o.order_id
    inner join subjects as m
        on m.entity_type = 'merchant' and o.merchant_id = m.entity_id
    cross join meta.build as b
    where
        t.clawed_back_at is null
        and (t.settled_at is null or t.settled_at >= b.as_of)
)

select
    c.subjects,
    c.unqueued_count,
    o.order_count,
    o.order_usd,
    o.waiting_buyers,
    p.payout_count,
    p.payout_usd,
    p.next_payout_day
from counts as c
cross join orders as o
cross join payouts as p
