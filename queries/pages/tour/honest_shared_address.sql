-- An honest buyer at a crowded address: a dorm, an office or a locker.
--
-- grain:   entity_id
-- params:  limit  bigint
-- returns: entity_id       varchar
--          from_day        date
--          to_day          date
--          accounts        bigint   that had parcels sent to the address
--          devices         bigint   they order from
--          payments        bigint   cards they pay with
--          orders          bigint   sent there
--          voucher_orders  bigint   of those, with a voucher
with crowded_addresses as (
    select
        address_id,
        count(distinct buyer_id) as accounts,
        count(distinct device_id) as devices,
        count(distinct payment_token_id) as payments,
        count(*) as orders,
        count(voucher_id) as voucher_orders,
        min(day) as from_day,
        max(day) as to_day
    from staging.orders
    where address_id is not null
    group by address_id
    having
        count(distinct buyer_id) >= 20
        and count(distinct device_id) >= 0.8 * count(distinct buyer_id)
),

address_buyers as (
    select
        buyer_id,
        address_id,
        count(*) as own_orders
    from staging.orders
    group by buyer_id, address_id
),

members as (
    select
        c.*,
        o.buyer_id as entity_id,
        o.own_orders
    from crowded_addresses as c
    inner join address_buyers as o on c.address_id = o.address_id
    qualify
        row_number() over (
            partition by o.buyer_id
            order by c.accounts desc nulls last, c.address_id asc nulls last
        ) = 1
)

select
    f.entity_id,
    f.from_day,
    f.to_day,
    f.accounts,
    f.devices,
    f.payments,
    f.orders,
    f.voucher_orders
from members as f
order by
    f.accounts desc nulls last,
    f.own_orders desc nulls last,
    f.entity_id asc nulls last
limit $limit
