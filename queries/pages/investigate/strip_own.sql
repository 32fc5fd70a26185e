-- What one entity did and was judged for, on its market's clock: lanes of the strip.
--
-- A lane of more than `most` events has one row a day instead, as in strip_trade.
--
-- grain:   lane, kind, event_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          most         bigint
-- returns: lane         varchar    account, declined, listing, content or label
--          kind         varchar    what happened; of a day of a busy lane: day
--          event_id     varchar    of the delivered row; of a day the day
--          happened_at  timestamp  on the market's clock
--          about        varchar    the listing, or the order of a refused payment
--          title        varchar    as typed of a room or video; of an account event: new =
--                                  on a device new to it; of a listing what changed, each
--                                  price with the one before; of a label what it says
--          amount_usd   double     null where no money moves
--          event_count  bigint     1, or those of the day
--          time_zone    varchar    of the market, IANA
with clock as (
    select coalesce(any_value(c.time_zone), 'UTC') as time_zone
    from graph.entities as e
    left join metrics.clocks as c on e.market = c.market
    where e.entity_type = $entity_type and e.entity_id = $entity_id
),

auth as (
    select *
    from staging.auth_events
    where account_type = $entity_type and account_id = $entity_id
),

sightings as (
    select
        device_id,
        happened_at as moment
    from auth
    union all
    select
        device_id,
        created_at
    from staging.orders
    where $entity_type = 'buyer' and buyer_id = $entity_id
),

seen_devices as (
    select
        device_id,
        min(moment) as first_seen_at,
        min(min(moment)) over () as known_at
    from sightings
    where device_id is not null
    group by device_id
),

listings as (
    select *
    from staging.products
    where
        case $entity_type
            when 'merchant' then merchant_id
            when 'product' then product_id
        end = $entity_id
),

versions as (
    select
        v.*,
        lag(v) over (
            partition by v.product_id order by v.version
        ) as earlier
    from staging.listing_versions as v
    inner join listings as p on v.product_id = p.product_id
),

marks as (
    select
        mark(
            'account', e.kind, e.auth_event_id, e.happened_at, null,
            if(
                d.first_seen_at = e.happened_at
                and d.first_seen_at > d.known_at,
                'new', null
            ),
            null
        ) as m
    from auth as e
    left join seen_devices as d on e.device_id = d.device_id
    union all
    select
        mark(
            'declined', 'declined', attempt_id, attempted_at, order_id, reason,
            amount_usd
        )
    from staging.declined_payments
    where $entity_type = 'buyer' and buyer_id = $entity_id
    union all
    select
        mark(
            'listing', if(earlier is null, 'listed', 'edited'),
            listing_version_id, valid_from, product_id,
            concat_ws(
                ',',
                if(
                    price_usd <> earlier.price_usd,
                    'price ' || earlier.price_usd,
                    null
                ),
                if(title <> earlier.title, 'title', null),
                if(image_id <> earlier.image_id, 'picture', null),
                if(category <> earlier.category, 'category', null)
            ),
            price_usd
        )
    from versions
    union all
    select
        mark(
            'listing', 'removed', product_id, removed_at, product_id, '', null
        )
    from listings
    where removed_at is not null
    union all
    select
        mark(
            'content', 'live', live_session_id, started_at, null, title,
            slot_fee_usd
        )
    from staging.live_sessions
    where
        case $entity_type
            when 'merchant' then merchant_id
            when 'creator' then creator_id
            when 'live_session' then live_session_id
        end = $entity_id
    union all
    select mark('content', 'video', video_id, published_at, null, title, null)
    from staging.videos
    where $entity_type = 'creator' and creator_id = $entity_id
    union all
    select
        mark(
            'label', l.label, l.label_id, l.known_at, null,
            concat_ws(' ', l.label, l.typology, l.source), null
        )
    from staging.labels as l
    cross join meta.build as b
    where
        l.entity_type = $entity_type
        and l.entity_id = $entity_id
        and l.known_at < b.as_of
),

counted as (
    select
        m,
        local_time(m.moment, c.time_zone) as happened_at,
        c.time_zone,
        count(*) over (partition by m.lane) > $most as is_busy
    from marks
    cross join clock as c
),

shown as (
    select
        m.lane,
        m.kind,
        m.event_id,
        happened_at,
        m.about,
        m.title,
        m.usd as amount_usd,
        1 as event_count,
        time_zone
    from counted
    where not is_busy
    union all
    select
        m.lane,
        'day' as kind,
        strftime(happened_at, '%Y-%m-%d') as event_id,
        cast(cast(happened_at as date) as timestamp) as happened_at,
        null as about,
        null as title,
        sum(m.usd) as amount_usd,
        count(*) as event_count,
        time_zone
    from counted
    where is_busy
    group by all
)

select * replace (cast(amount_usd as double) as amount_usd)
from shown
order by
    lane asc nulls last,
    happened_at asc nulls last,
    kind asc nulls last,
    event_id asc nulls last
