-- Orders of one entity and what came of them, on its market's clock: lanes of the strip.
--
-- A lane of more than `most` events has one row a day instead, so that a shop of ten
-- thousand orders still shows which days were busy.
--
-- grain:   lane, kind, event_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          most         bigint
-- returns: lane         varchar    order, refund, review, payout or trouble
--          kind         varchar    what happened; of a day of a busy lane: day
--          event_id     varchar    of the delivered row; of a day the day
--          happened_at  timestamp  on the market's clock
--          about        varchar    the order; null = none
--          title        varchar    channel, reason, stars or topic; null = nobody said
--          amount_usd   double     null where no money moves
--          event_count  bigint     1, or those of the day
--          time_zone    varchar    of the market, IANA
with clock as (
    select coalesce(any_value(c.time_zone), 'UTC') as time_zone
    from graph.entities as e
    left join metrics.clocks as c on e.market = c.market
    where e.entity_type = $entity_type and e.entity_id = $entity_id
),

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

-- Whose payouts are meant: a creator's or room's are commissions, a buyer has none.
settlements as (
    select s.*
    from staging.settlements as s
    inner join orders as o on s.order_id = o.order_id
    where $entity_type in ('merchant', 'product')
),

commissions as (
    select c.*
    from staging.commissions as c
    inner join orders as o on c.order_id = o.order_id
    where $entity_type in ('creator', 'live_session')
),

marks as (
    select
        mark(
            'order', if(cancelled_at is null, 'order', 'cancelled'), order_id,
            created_at, order_id, channel, paid_usd
        ) as m
    from orders
    union all
    select
        mark(
            'refund', coalesce(r.kind, 'refund'), r.refund_id, r.requested_at,
            r.order_id, r.reason, r.amount_usd
        )
    from staging.refunds as r
    inner join orders as o on r.order_id = o.order_id
    union all
    select
        mark(
            'review', 'review', v.review_id, v.created_at, v.order_id,
            cast(v.rating as varchar), null
        )
    from staging.reviews as v
    inner join orders as o on v.order_id = o.order_id
    union all
    select
        mark(
            'payout', 'settled', settlement_id, settled_at, order_id, null,
            amount_usd
        )
    from settlements
    where settled_at is not null
    union all
    select
        mark(
            'payout', 'settled', commission_id, paid_at, order_id, null,
            amount_usd
        )
    from commissions
    where paid_at is not null
    union all
    select
        mark(
            'payout', 'clawed_back', settlement_id, clawed_back_at, order_id,
            null, clawed_back_usd
        )
    from settlements
    where clawed_back_at is not null
    union all
    select
        mark(
            'payout', 'clawed_back', commission_id, clawed_back_at, order_id,
            null, clawed_back_usd
        )
    from commissions
    where clawed_back_at is not null
    union all
    select
        mark(
            'trouble', 'complaint', complaint_id, observed_at, order_id, topic,
            null
        )
    from staging.complaints
    where
        order_id in (select order_id from orders)
        or ($entity_type = 'merchant' and merchant_id = $entity_id)
        or ($entity_type = 'buyer' and buyer_id = $entity_id)
    union all
    select
        mark(
            'trouble', 'dispute', d.dispute_id, d.observed_at, d.order_id,
            d.kind, d.amount_usd
        )
    from staging.disputes as d
    inner join orders as o on d.order_id = o.order_id
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

select
    lane,
    kind,
    event_id,
    happened_at,
    about,
    title,
    cast(amount_usd as double) as amount_usd,
    event_count,
    time_zone
from shown
order by
    lane asc nulls last,
    happened_at asc nulls last,
    kind asc nulls last,
    event_id asc nulls last
