-- Buyers whose claims the carrier or the scales contradict, again and again.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id        varchar
--          from_day         date     first request
--          to_day           date     last one
--          orders           bigint   in all
--          refunds          bigint   requests
--          refund_usd       double   asked for
--          merchants        bigint   asked
--          disproved        bigint   "not received" after a delivery scan
--          weighed_returns  bigint   parcels sent back and weighed
--          light_returns    bigint   of those, under half the weight
--          copied_claims    bigint   worded like those of other accounts
with requests as (
    select
        buyer_id,
        min(day) as from_day,
        max(day) as to_day,
        count(*) as refunds,
        sum(amount_usd) as refund_usd,
        count(distinct merchant_id) as merchants,
        count(*) filter (where is_disproved = 1) as disproved,
        count(*) filter (where is_weighed_return = 1) as weighed_returns,
        count(*) filter (where is_light_return = 1) as light_returns,
        count(*) filter (where is_copied_claim = 1) as copied_claims
    from facts.refund_facts
    group by buyer_id
    having count(*) filter (where is_disproved = 1 or is_light_return = 1) >= 3
),

order_counts as (
    select
        buyer_id,
        count(*) as orders
    from staging.orders
    group by buyer_id
)

select
    a.buyer_id as entity_id,
    a.from_day,
    a.to_day,
    p.orders,
    a.refunds,
    cast(a.refund_usd as double) as refund_usd,
    a.merchants,
    a.disproved,
    a.weighed_returns,
    a.light_returns,
    a.copied_claims
from requests as a
inner join order_counts as p on a.buyer_id = p.buyer_id
order by
    (a.disproved + a.light_returns) * cast(a.refunds as double) / p.orders
    desc nulls last,
    a.buyer_id asc nulls last
limit $limit
