-- Shops whose light parcels were praised at once, and the buyers they share.
--
-- An order is staged here when its parcel weighed under half of what was
-- declared and five stars came within two days of delivery.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id         varchar
--          from_day          date     5 % of its staged orders came before
--          to_day            date     5 % came after
--          orders            bigint   between the two
--          fast_pay_orders   bigint   paid within 60 seconds
--          parcels           bigint   delivered of them
--          light_parcels     bigint   under half the declared weight
--          reviews           bigint
--          fast_five_stars   bigint   five stars within two days
--          buyers            bigint
--          shared_buyers     bigint   with a staged order in another shop too
--          shared_merchants  bigint   such shops
with staged_deliveries as (
    select
        d.merchant_id,
        d.buyer_id,
        o.day
    from facts.delivery_facts as d
    inner join facts.review_facts as r on d.order_id = r.order_id
    inner join facts.order_facts as o on d.order_id = o.order_id
    where d.is_light = 1 and r.is_five_star = 1 and r.is_fast = 1
),

merchants as (
    select
        merchant_id,
        count(*) as staged_orders,
        quantile_disc(day, 0.05) as from_day,
        quantile_disc(day, 0.95) as to_day
    from staged_deliveries
    group by merchant_id
    having count(*) >= 5
),

order_counts as (
    select
        s.merchant_id,
        count(*) as orders,
        count(*) filter (where o.is_fast_pay = 1) as fast_pay_orders,
        count(distinct o.buyer_id) as buyers,
        count(d.order_id) as parcels,
        count(*) filter (where d.is_light = 1) as light_parcels,
        count(r.order_id) as reviews,
        count(*) filter (where r.is_five_star = 1 and r.is_fast = 1)
            as fast_five_stars
    from merchants as s
    inner join facts.order_facts as o
        on
            s.merchant_id = o.merchant_id
            and o.day between s.from_day and s.to_day
    left join facts.delivery_facts as d on o.order_id = d.order_id
    left join facts.review_facts as r on o.order_id = r.order_id
    group by s.merchant_id
),

shared_reviewers as (
    select
        here.merchant_id,
        count(distinct here.buyer_id) as shared_buyers,
        count(distinct there.merchant_id) as shared_merchants
    from staged_deliveries as here
    inner join merchants as s
        on
            here.merchant_id = s.merchant_id
            and here.day between s.from_day and s.to_day
    inner join staged_deliveries as there
        on
            here.buyer_id = there.buyer_id
            and here.merchant_id <> there.merchant_id
    group by here.merchant_id
)

select
    s.merchant_id as entity_id,
    s.from_day,
    s.to_day,
    p.orders,
    p.fast_pay_orders,
    p.parcels,
    p.light_parcels,
    p.reviews,
    p.fast_five_stars,
    p.buyers,
    coalesce(e.shared_buyers, 0) as shared_buyers,
    coalesce(e.shared_merchants, 0) as shared_merchants
from merchants as s
inner join order_counts as p on s.merchant_id = p.merchant_id
left join shared_reviewers as e on s.merchant_id = e.merchant_id
order by
    s.staged_orders * cast(p.light_parcels as double) / p.parcels
    desc nulls last,
    s.merchant_id asc nulls last
limit $limit
