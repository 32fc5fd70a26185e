-- What happened to one entity, newest first; routine events one line a day.
--
-- The calendar stands beside each day: a line a calendar event would drown what the entity
-- did. Asked for by name it has lines of its own.
--
-- grain:   day, kind, title
-- params:  entity_type  varchar
--          entity_id    varchar
--          market       varchar
--          kinds        varchar[]  list, empty = every but calendar
--          limit        bigint
--          offset       bigint
-- returns: day          date
--          kind         varchar  order, refund, review, ..., calendar
--          title        varchar  as typed: hostile until escaped
--          event_count  bigint
--          amount_usd   double   null where no money moves
--          calendar     varchar  what the calendar holds of that day; null = nothing
--          total_count  bigint   lines in all, before limit
with build as (select as_of from meta.build),

orders as (
    select *
    from staging.orders
    where
        case $entity_type
            when 'merchant' then merchant_id
            when 'creator' then creator_id
            when 'product' then product_id
            when 'buyer' then buyer_id
            when 'live_session' then live_session_id
        end = $entity_id
),

sightings as (
    select
        device_id,
        happened_at as seen_at
    from staging.auth_events
    where account_type = $entity_type and account_id = $entity_id
    union all
    select
        device_id,
        created_at as seen_at
    from staging.orders
    where $entity_type = 'buyer' and buyer_id = $entity_id
),

seen_devices as (
    select
        device_id,
        min(seen_at) as first_seen_at
    from sightings
    where device_id is not null
    group by device_id
),

account_events as (
    select
        e.day,
        e.kind,
        coalesce(e.happened_at = d.first_seen_at, false)
        and e.happened_at > (select min(first_seen_at) from seen_devices)
            as is_new_device
    from staging.auth_events as e
    left join seen_devices as d on e.device_id = d.device_id
    where e.account_type = $entity_type and e.account_id = $entity_id
),

happened as (
    select line('order', day, channel, paid_usd) as l
    from orders
    union all
    select line('refund', r.day, r.reason, r.amount_usd)
    from staging.refunds as r
    inner join orders as o on r.order_id = o.order_id
    union all
    select line('review', v.day, cast(v.rating as varchar), null)
    from staging.reviews as v
    inner join orders as o on v.order_id = o.order_id
    union all
    select line('payout', s.settled_at, 'settlement', s.amount_usd)
    from staging.settlements as s
    inner join orders as o on s.order_id = o.order_id
    where s.settled_at is not null and $entity_type in ('merchant', 'product')
    union all
    select line('payout', c.paid_at, 'commission', c.amount_usd)
    from staging.commissions as c
    inner join orders as o on c.order_id = o.order_id
    where c.paid_at is not null and $entity_type in ('creator', 'live_session')
    union all
    select line('trouble', day, topic, null)
    from staging.complaints
    where
        order_id in (select order_id from orders)
        or ($entity_type = 'merchant' and merchant_id = $entity_id)
        or ($entity_type = 'buyer' and buyer_id = $entity_id)
    union all
    select
        line(
            'trouble', d.day, concat_ws(' ', 'dispute', d.kind), d.amount_usd
        )
    from staging.disputes as d
    inner join orders as o on d.order_id = o.order_id
    union all
    select line('listing', v.day, if(v.version = 1, 'listed', 'edited'), null)
    from staging.listing_versions as v
    inner join staging.products as p on v.product_id = p.product_id
    where
        case $entity_type
            when 'merchant' then p.merchant_id
            when 'product' then p.product_id
        end = $entity_id
    union all
    select line('session', day, title, slot_fee_usd)
    from staging.live_sessions
    where
        case $entity_type
            when 'merchant' then merchant_id
            when 'creator' then creator_id
            when 'live_session' then live_session_id
        end = $entity_id
    union all
    select
        line(
            'label',
            l.known_at,
            concat_ws(' ', l.label, l.typology, l.source),
            null
        )
    from staging.labels as l
    where l.entity_type = $entity_type and l.entity_id = $entity_id
    union all
    select line('campaign', starts_at, name, null)
    from staging.campaigns
    where $entity_type = 'merchant' and merchant_id = $entity_id
    union all
    -- Without plain sign-ins on devices that it has used before: they say nothing.
    select line('account', day, kind || if(is_new_device, ' new', ''), null)
    from account_events
    where kind <> 'login' or is_new_device
    union all
    select line('calendar', starts_at, title, null)
    from metrics.events
    where market is null or market = $market
),

events as (
    select
        l.day,
        l.kind,
        l.title,
        count(*) as event_count,
        sum(l.usd) as amount_usd
    from happened
    group by all
),

chosen as (
    select
        e.*,
        count(*) over () as total_count
    from events as e
    cross join build as b
    where
        e.day < b.as_of
        and if(
            len(cast($kinds as varchar[])) = 0,
            e.kind <> 'calendar',
            list_contains(cast($kinds as varchar[]), e.kind)
        )
    order by
        e.day desc nulls last, e.kind asc nulls last, e.title asc nulls last
    limit $limit offset $offset
),

bands as (
    select
        c.day,
        string_agg(distinct m.title, ', ' order by m.title) as calendar
    from chosen as c
    inner join metrics.events as m
        on c.day between cast(m.starts_at as date) and cast(m.ends_at as date)
    where m.market is null or m.market = $market
    group by c.day
)

select
    c.day,
    c.kind,
    c.title,
    cast(c.event_count as bigint) as event_count,
    cast(c.amount_usd as double) as amount_usd,
    if(c.kind = 'calendar', null, b.calendar) as calendar,
    c.total_count
from chosen as c
left join bands as b on c.day = b.day
order by c.day desc nulls last, c.kind asc nulls last, c.title asc nulls last
