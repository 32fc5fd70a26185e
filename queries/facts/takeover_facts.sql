-- Orders placed right after an unknown device changed the account's locks.
--
-- Unknown: the account was first seen on that device less than a day before the
-- change, and known from another one for longer. Whoever passed a step-up check
-- on the device proved to be the owner.
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
with changes as (
    select
        account_id as buyer_id,
        device_id,
        happened_at,
        kind
    from staging.auth_events
    where
        account_type = 'buyer'
        and kind in ('password_change', 'phone_change')
),

changed_accounts as (
    select distinct buyer_id
    from changes
),

sightings as (
    select
        e.account_id as buyer_id,
        e.device_id,
        e.happened_at as seen_at
    from staging.auth_events as e
    inner join changed_accounts as c on e.account_id = c.buyer_id
    where e.account_type = 'buyer' and e.kind <> 'login_failed'
    union all
    select
        o.buyer_id,
        o.device_id,
        o.created_at as seen_at
    from staging.order_attempts as o
    inner join changed_accounts as c on o.buyer_id = c.buyer_id
),

devices as (
    select
        buyer_id,
        device_id,
        min(seen_at) as first_seen_at
    from sightings
    group by buyer_id, device_id
),

proofs as (
    select
        account_id as buyer_id,
        device_id,
        min(happened_at) as proven_at
    from staging.auth_events
    where account_type = 'buyer' and kind = 'step_up_passed'
    group by account_id, device_id
),

unknown_changes as (
    select
        c.buyer_id,
        c.device_id,
        c.happened_at,
        c.kind
    from changes as c
    inner join devices as d
        on c.buyer_id = d.buyer_id and c.device_id = d.device_id
    left join proofs as p
        on c.buyer_id = p.buyer_id and c.device_id = p.device_id
    where
        d.first_seen_at > c.happened_at - interval 1 day
        and (p.proven_at is null or p.proven_at > c.happened_at)
),

order_changes as (
    select
        o.order_id,
        o.buyer_id,
        o.created_at,
        o.day,
        o.paid_usd,
        o.device_id,
        s.happened_at as changed_at,
        s.kind as change,
        row_number() over (
            partition by o.order_id
            order by s.happened_at desc, s.kind asc
        ) as place
    from unknown_changes as s
    inner join staging.orders as o
        on
            s.buyer_id = o.buyer_id
            and s.device_id = o.device_id
            and s.happened_at <= o.created_at
            and s.happened_at + interval 1 day > o.created_at
    where not o.is_sample
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
