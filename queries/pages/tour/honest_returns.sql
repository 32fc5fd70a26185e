-- An honest creator whose goods come back often, as apparel does.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id     varchar
--          from_day      date
--          to_day        date
--          orders        bigint   through the creator, in all
--          buyers        bigint   of those orders
--          refunds       bigint   requests
--          refund_share  double   of orders
--          request_days  double   median from order to request
--          late_share    double   of requests, 12 days or more after order
with order_counts as (
    select
        creator_id as entity_id,
        min(day) as from_day,
        max(day) as to_day,
        count(*) as orders,
        count(distinct buyer_id) as buyers
    from facts.order_facts
    where creator_id is not null
    group by creator_id
    having count(*) >= 50 and max(is_creator_device) = 0
),

requests as (
    select
        creator_id,
        count(*) as refunds,
        median(days_after_order) as request_days,
        avg(is_late) as late_share
    from facts.refund_facts
    group by creator_id
    having avg(is_late) < 0.1
)

select
    f.entity_id,
    f.from_day,
    f.to_day,
    f.orders,
    f.buyers,
    a.refunds,
    cast(a.refunds as double) / f.orders as refund_share,
    cast(a.request_days as double) as request_days,
    cast(a.late_share as double) as late_share
from order_counts as f
inner join requests as a on f.entity_id = a.creator_id
order by
    cast(a.refunds as double) / f.orders desc nulls last,
    f.entity_id asc nulls last
limit $limit
