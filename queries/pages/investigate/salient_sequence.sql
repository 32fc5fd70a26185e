-- What looks like an account taken over: the longest chain of steps within 72 hours.
--
-- An account is used on a device it was never seen on, which changes its locks, then where
-- goods or money go (or a shop's prices fall by 30 %), then takes them: orders, or payouts.
-- The device and at least two more, in this order. Whoever passed an extra check on it before
-- the second is the owner; an account seen without its device being logged may know any.
--
-- grain:   entity_id, place
-- params:  entity_type  varchar
--          entity_ids   varchar[]  list
-- returns: entity_id    varchar
--          place        bigint     of the step in the chain, from 1
--          step         varchar    new_device, password_change, phone_change,
--                                  address_change, bank_change, price_drop, order, payout
--          event_id     varchar    first event of the step
--          happened_at  timestamp  of that event, UTC
--          ended_at     timestamp  of the last event of the step, UTC
--          event_count  bigint
--          amount_usd   double     null where no money moves
with asked as (
    select unnest(cast($entity_ids as varchar[])) as account_id
),

auth as (
    select e.*
    from staging.auth_events as e
    inner join asked as a on e.account_id = a.account_id
    where e.account_type = $entity_type and e.kind <> 'login_failed'
),

sightings as (
    select
        account_id,
        device_id,
        happened_at as moment
    from auth
    union all
    select
        buyer_id,
        device_id,
        created_at
    from staging.order_attempts
    where $entity_type = 'buyer' and buyer_id in (from asked)
    union all
    select
        merchant_id,
        device_id,
        registered_at
    from staging.merchants
    where $entity_type = 'merchant' and device_id is not null
    union all
    select
        creator_id,
        device_id,
        registered_at
    from staging.creators
    where $entity_type = 'creator' and device_id is not null
),

devices as (
    select
        account_id,
        device_id,
        min(moment) as seen_at,
        min(min(moment)) over (partition by account_id) as known_at,
        min(min(moment) filter (where device_id is null))
            over (partition by account_id) as unlogged_at
    from sightings
    group by account_id, device_id
),

starts as (
    select
        d.account_id,
        d.device_id,
        d.seen_at,
        min(a.auth_event_id) as event_id
    from devices as d
    inner join auth as a
        on
            d.account_id = a.account_id
            and d.device_id = a.device_id
            and d.seen_at = a.happened_at
    where d.seen_at > d.known_at and coalesce(d.unlogged_at > d.seen_at, true)
    group by d.account_id, d.device_id, d.seen_at
),

-- What no device does has none. Rank 0 is the proof that it was the owner.
acts as (
    select
        act(
            account_id, device_id, happened_at, auth_event_id, kind, null,
            if(kind in ('address_change', 'bank_change'), 3, 2)
            * flag(kind <> 'step_up_passed')
        ) as act
    from auth
    where kind <> 'login'
    union all
    select act(account_id, device_id, seen_at, event_id, 'new_device', null, 1)
    from starts
    union all
    select
        act(
            p.merchant_id, null, v.valid_from, v.listing_version_id,
            'price_drop', null, 3
        )
    from staging.listing_versions as v
    inner join staging.products as p on v.product_id = p.product_id
    where $entity_type = 'merchant' and p.merchant_id in (from asked)
    qualify
        v.price_usd <= 0.7 * lag(v.price_usd) over (
            partition by v.product_id order by v.version
        )
    union all
    select act(buyer_id, device_id, created_at, order_id, 'order', paid_usd, 4)
    from staging.orders
    where $entity_type = 'buyer' and buyer_id in (from asked)
    union all
    select
        act(
            o.merchant_id, null, s.settled_at, s.settlement_id, 'payout',
            s.amount_usd, 4
        )
    from staging.settlements as s
    inner join staging.orders as o on s.order_id = o.order_id
    where $entity_type = 'merchant' and o.merchant_id in (from asked)
    union all
    select
        act(
            creator_id, null, paid_at, commission_id, 'payout', amount_usd, 4
        )
    from staging.commissions
    where $entity_type = 'creator' and creator_id in (from asked)
),

near as (
    select
        s.account_id,
        s.seen_at,
        a.act,
        min(a.act.moment) filter (where a.act.rank = 2) over chain as second_at,
        min(a.act.moment) filter (where a.act.rank = 0) over chain as proven_at
    from starts as s
    inner join acts as a
        on
            s.account_id = a.act.account_id
            and s.device_id = coalesce(a.act.device_id, s.device_id)
            and a.act.moment between s.seen_at and s.seen_at + interval 72 hour
    window chain as (partition by s.account_id, s.device_id)
),

ordered as (
    select
        *,
        min(act.moment) filter (
            where act.rank = 3 and act.moment >= coalesce(second_at, seen_at)
        ) over (partition by account_id, seen_at) as third_at
    from near
),

steps as (
    select
        account_id,
        seen_at,
        arg_min(act, act.moment) as first,
        max(act.moment) as ended_at,
        count(*) as event_count,
        sum(act.usd) as amount_usd,
        count(*) over (partition by account_id, seen_at) as length
    from ordered
    where
        coalesce(proven_at > least(second_at, third_at), true)
        and case act.rank
            when 1 then act.moment = seen_at
            when 2 then act.moment = second_at
            when 3 then act.moment = third_at
            when 4 then act.moment >= greatest(second_at, third_at)
        end
    group by account_id, seen_at, act.rank
)

select
    account_id as entity_id,
    row_number() over (
        partition by account_id, seen_at order by first.rank
    ) as place,
    first.step,
    first.event_id,
    first.moment as happened_at,
    ended_at,
    event_count,
    amount_usd
from steps
where length >= 3
qualify
    rank() over (
        partition by account_id order by length desc, seen_at desc
    ) = 1
order by account_id asc nulls last, place asc nulls last
