-- Every order, paid or not, and every live comment as a visit: who was where, when.
--
-- Listings, rooms and accounts are numbered, because what follows compares them
-- millions of times.
--
-- grain:   buyer_key, object_key, hour_number
-- params:  none
-- returns: buyer_id     varchar
--          buyer_key    bigint   of the account
--          object_key   bigint   of the listing or live session; popular = high
--          hour_number  bigint   hours since 2000, UTC
--          visits       bigint   that the account made in all
--          is_heaviest  boolean  the most popular thing the account was at
with visits as (
    select
        'p:' || product_id as object_id,
        buyer_id,
        date_diff('hour', timestamp '2000-01-01 00:00:00', created_at)
            as hour_number
    from staging.order_attempts
    where not is_sample
    union
    select
        'l:' || live_session_id as object_id,
        buyer_id,
        date_diff('hour', timestamp '2000-01-01 00:00:00', commented_at)
            as hour_number
    from staging.live_comments
    where buyer_id is not null
),

objects as (
    select
        object_id,
        row_number() over (
            order by count(*) asc nulls last, object_id asc nulls last
        ) as object_key
    from visits
    group by object_id
),

object_visits as (
    select
        v.buyer_id,
        o.object_key,
        cast(v.hour_number as bigint) as hour_number
    from visits as v
    inner join objects as o on v.object_id = o.object_id
),

buyers as (
    select
        buyer_id,
        row_number() over (order by buyer_id asc nulls last) as buyer_key,
        count(*) as visits,
        max(object_key) as heaviest
    from object_visits
    group by buyer_id
),

final as (
    select
        n.buyer_id,
        b.buyer_key,
        n.object_key,
        n.hour_number,
        b.visits,
        n.object_key = b.heaviest as is_heaviest
    from object_visits as n
    inner join buyers as b on n.buyer_id = b.buyer_id
)

select * from final
