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

events as (
    select
        day,
        'order' as kind,
        channel as title,
        count(*) as event_count,
        sum(paid_usd) as amount_usd
    from orders
    group by day, channel
    union all
    select
        r.day,
        'refund' as kind,
        r.reason as title,
        count(*) as event_count,
        sum(r.amount_usd) as amount_usd
    from staging.refunds as r
    inner join orders as o on r.order_id = o.order_id
    group by r.day, r.reason
    union all
    select
        v.day,
        'review' as kind,
        cast(v.rating as varchar) as title,
        count(*) as event_count,
        null as amount_usd
    from staging.reviews as v
    inner join orders as o on v.order_id = o.order_id
    group by v.day, v.rating
    union all
    select
        day,
        'session' as kind,
        coalesce(title, '') as title,
        count(*) as event_count,
        sum(slot_fee_usd) as amount_usd
    from staging.live_sessions
    where
        case $entity_type
            when 'merchant' then merchant_id
            when 'creator' then creator_id
            when 'live_session' then live_session_id
        end = $entity_id
    group by day, title
    union all
    select
        cast(l.known_at as date) as day,
        'label' as kind,
        concat_ws(' ', l.label, l.typology, l.source) as title,
        count(*) as event_count,
        null as amount_usd
    from staging.labels as l
    cross join build as b
    where
        l.entity_type = $entity_type
        and l.entity_id = $entity_id
        and l.known_at < b.as_of
    group by all
    union all
    select
        cast(starts_at as date) as day,
        'campaign' as kind,
        coalesce(name, '') as title,
        count(*) as event_count,
        null as amount_usd
    from staging.campaigns
    where $entity_type = 'merchant' and merchant_id = $entity_id
    group by all
    union all
    -- Without plain sign-ins on devices that it has used before: they say nothing.
    select
        day,
        'account' as kind,
        kind || if(is_new_device, ' new', '') as title,
        count(*) as event_count,
        null as amount_usd
    from account_events
    where kind <> 'login' or is_new_device
    group by day, kind, is_new_device
    union all
    select
        cast(starts_at as date) as day,
        'calendar' as kind,
        coalesce(title, '') as title,
        count(*) as event_count,
        null as amount_usd
    from metrics.events
    where market is null or market = $market
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
