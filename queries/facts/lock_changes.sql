-- Changes of an account's locks or bank on a device nobody knew.
--
-- Unknown: the account was first seen on that device less than a day before the
-- change, and known from another one for longer. Whoever passed a step-up check
-- on the device proved to be the owner. Locks and bank changed within a day, on the
-- same device, are how payouts are taken over; the later of both completes it.
-- An account that was seen without its device being logged may know any device.
--
-- grain:   auth_event_id
-- params:  none
-- returns: auth_event_id     varchar
--          account_type      varchar    buyer, merchant or creator
--          account_id        varchar
--          device_id         varchar    masked
--          changed_at        timestamp  UTC
--          day               date       UTC day of changed_at
--          change            varchar    password_change, phone_change or bank_change
--          is_bank_takeover  integer    1 when bank and locks had then both changed
with changes as (
    select
        auth_event_id,
        account_type,
        account_id,
        device_id,
        happened_at,
        day,
        kind
    from staging.auth_events
    where kind in ('password_change', 'phone_change', 'bank_change')
),

changed_accounts as (
    select distinct
        account_type,
        account_id
    from changes
),

sightings as (
    select
        account_type,
        account_id,
        device_id,
        happened_at as seen_at
    from staging.auth_events
    where kind <> 'login_failed'
    union all
    select
        'buyer' as account_type,
        buyer_id as account_id,
        device_id,
        created_at as seen_at
    from staging.order_attempts
    union all
    select
        'merchant' as account_type,
        merchant_id as account_id,
        device_id,
        registered_at as seen_at
    from staging.merchants
    where device_id is not null
    union all
    select
        'creator' as account_type,
        creator_id as account_id,
        device_id,
        registered_at as seen_at
    from staging.creators
    where device_id is not null
),

-- Since when an account was somewhere on a device that nobody knows: from then on
-- it may have been on any.
unknown_since as (
    select
        account_type,
        account_id,
        min(seen_at) as seen_at
    from sightings
    where device_id is null
    group by account_type, account_id
),

devices as (
    select
        s.account_type,
        s.account_id,
        s.device_id,
        min(s.seen_at) as first_seen_at
    from sightings as s
    inner join changed_accounts as c
        on s.account_type = c.account_type and s.account_id = c.account_id
    group by s.account_type, s.account_id, s.device_id
),

proofs as (
    select
        account_type,
        account_id,
        device_id,
        min(happened_at) as proven_at
    from staging.auth_events
    where kind = 'step_up_passed'
    group by account_type, account_id, device_id
),

strange_changes as (
    select c.*
    from changes as c
    inner join devices as d
        on
            c.account_type = d.account_type
            and c.account_id = d.account_id
            and c.device_id = d.device_id
    left join proofs as p
        on
            c.account_type = p.account_type
            and c.account_id = p.account_id
            and c.device_id = p.device_id
    left join proofs as q
        on
            c.account_type = q.account_type
            and c.account_id = q.account_id
            and q.device_id is null
    left join unknown_since as u
        on c.account_type = u.account_type and c.account_id = u.account_id
    where
        d.first_seen_at > c.happened_at - interval 1 day
        and (u.seen_at is null or u.seen_at > c.happened_at - interval 1 day)
        and (p.proven_at is null or p.proven_at > c.happened_at)
        and (q.proven_at is null or q.proven_at > c.happened_at)
),

takeovers as (
    select distinct b.auth_event_id
    from strange_changes as b
    inner join strange_changes as l
        on
            b.account_type = l.account_type
            and b.account_id = l.account_id
            and b.device_id = l.device_id
            and b.happened_at >= l.happened_at
            and b.happened_at < l.happened_at + interval 1 day
    where (b.kind = 'bank_change') <> (l.kind = 'bank_change')
),

final as (
    select
        s.auth_event_id,
        s.account_type,
        s.account_id,
        s.device_id,
        s.happened_at as changed_at,
        s.day,
        s.kind as change,
        case when t.auth_event_id is null then 0 else 1 end
            as is_bank_takeover
    from strange_changes as s
    left join takeovers as t on s.auth_event_id = t.auth_event_id
)

select * from final
