-- Orders placed right after an unknown device changed the account's locks.
--
-- Which devices are unknown is said in facts/lock_changes.sql.
--
-- grain:   order_id
-- params:  none
-- returns: order_id      varchar
--          buyer_id      varchar
--          created_at    timestamp  UTC
--          day           date       UTC day of the order
--          paid_usd      double     USD
--          device_id     varchar    masked
--          changed_at    timestamp  UTC, last change before the order
--          change        varchar    password_change or phone_change
with order_changes as (
    select
        o.order_id,
        o.buyer_id,
        o.created_at,
        o.day,
        o.paid_usd,
        o.device_id,
        s.changed_at,
        s.change,
        row_number() over (
            partition by o.order_id
            order by s.changed_at desc, s.change asc
        ) as place
    from facts.lock_changes as s
    inner join staging.orders as o
        on
            s.account_id = o.buyer_id
            and s.device_id = o.device_id
            and s.changed_at <= o.created_at
            and s.changed_at + interval 1 day > o.created_at
    where
        s.account_type = 'buyer'
        and s.change <> 'bank_change'
        and not o.is_sample
),

final as (
    select
        order_id,
        buyer_id,
        created_at,
        day,
        paid_usd,
        device_id,
        changed_at,
        change
    from order_changes
    where place = 1
)

select * from final
