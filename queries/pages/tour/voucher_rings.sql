-- Buyers in a crowd on one device, address or card that takes vouchers.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id       varchar
--          from_day        date     first order with a voucher
--          to_day          date     last one
--          accounts        bigint   of the crowd
--          devices         bigint   they order from
--          addresses       bigint   they have delivered to
--          orders          bigint
--          voucher_orders  bigint
--          tight_orders    bigint   at most 5 % above the minimum spend
--          voucher_usd     double
--          merchants       bigint
--          young_hours     double   median from sign-up to first order
with members as (
    select
        l.relation,
        l.identifier_id,
        l.entity_id as buyer_id
    from graph.links as l
    inner join graph.identifiers as i
        on
            l.relation = i.relation
            and l.identifier_id = i.identifier_id
            and i.degree >= 4
            and not i.is_hub
    where
        l.entity_type = 'buyer'
        and l.relation in ('device', 'address', 'payment_token')
),

account_ages as (
    select
        buyer_id,
        min(buyer_age_days) * 24.0 as young_hours
    from facts.order_facts
    group by buyer_id
),

voucher_groups as (
    select
        m.relation,
        m.identifier_id,
        min(o.day) filter (where o.is_voucher = 1) as from_day,
        max(o.day) filter (where o.is_voucher = 1) as to_day,
        count(distinct m.buyer_id) as accounts,
        count(distinct o.device_id) as devices,
        count(distinct o.address_id) as addresses,
        count(*) as orders,
        count(*) filter (where o.is_voucher = 1) as voucher_orders,
        count(*) filter (where o.is_tight_basket = 1) as tight_orders,
        sum(o.voucher_usd) as voucher_usd,
        count(distinct o.merchant_id) as merchants,
        median(f.young_hours) as young_hours
    from members as m
    inner join facts.order_facts as o on m.buyer_id = o.buyer_id
    inner join account_ages as f on m.buyer_id = f.buyer_id
    group by m.relation, m.identifier_id
    having avg(o.is_new_buyer_voucher) >= 0.6
),

group_members as (
    select
        m.buyer_id,
        c.*
    from members as m
    inner join voucher_groups as c
        on m.relation = c.relation and m.identifier_id = c.identifier_id
    qualify
        row_number() over (
            partition by m.buyer_id
            order by c.accounts desc nulls last, c.identifier_id asc nulls last
        ) = 1
)

select
    buyer_id as entity_id,
    from_day,
    to_day,
    accounts,
    devices,
    addresses,
    orders,
    voucher_orders,
    tight_orders,
    cast(voucher_usd as double) as voucher_usd,
    merchants,
    cast(young_hours as double) as young_hours
from group_members
order by accounts desc nulls last, buyer_id asc nulls last
limit $limit
