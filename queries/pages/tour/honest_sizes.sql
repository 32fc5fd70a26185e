-- An honest buyer who sends much back: several sizes tried, whole returns.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id        varchar
--          from_day         date
--          to_day           date
--          orders           bigint   in all
--          refunds          bigint   requests
--          refund_usd       double   asked for
--          disproved        bigint   "not received" after a delivery scan
--          weighed_returns  bigint   parcels sent back and weighed
--          light_returns    bigint   of those, under half the weight
--          copied_claims    bigint   worded like those of other accounts
with requests as (
    select
        buyer_id as entity_id,
        min(day) as from_day,
        max(day) as to_day,
        count(*) as refunds,
        sum(amount_usd) as refund_usd,
        count(*) filter (where is_disproved = 1) as disproved,
        count(*) filter (where is_weighed_return = 1) as weighed_returns,
        count(*) filter (where is_light_return = 1) as light_returns,
        count(*) filter (where is_copied_claim = 1) as copied_claims
    from facts.refund_facts
    group by buyer_id
    having
        count(*) filter (where is_disproved = 1 or is_light_return = 1) = 0
        and count(*) filter (where is_weighed_return = 1) >= 2
),

order_counts as (
    select
        buyer_id,
        count(*) as orders
    from staging.orders
    group by buyer_id
    having count(*) >= 8
)

select
    f.entity_id,
    f.from_day,
    f.to_day,
    o.orders,
    f.refunds,
    cast(f.refund_usd as double) as refund_usd,
    f.disproved,
    f.weighed_returns,
    f.light_returns,
    f.copied_claims
from requests as f
inner join order_counts as o on f.entity_id = o.buyer_id
order by
    cast(f.refunds as double) / o.orders desc nulls last,
    f.entity_id asc nulls last
limit $limit
