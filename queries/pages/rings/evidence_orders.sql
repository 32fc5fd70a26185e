-- The orders and comments behind one thing that ties members of a ring, newest first.
--
-- Of a pair that moved together, where both were. Comments come as typed: hostile until
-- escaped.
--
-- grain:   source, row_id, entity_type, entity_id
-- params:  ring_id      varchar
--          relation     varchar  of rings.member_evidence
--          thing_id     varchar  of rings.member_evidence
-- returns: source       varchar    order or comment
--          row_id       varchar
--          entity_type  varchar    whose row it is
--          entity_id    varchar
--          happened_at  timestamp
--          about_type   varchar    product or live_session; null = nothing
--          about_id     varchar
--          amount_usd   double     null = no money in it
--          words        varchar    of a comment; null = none
with fronted as (
    -- Where the customers of a front have their goods sent.
    select distinct address_id
    from staging.orders
    where $relation = 'relay' and 'merchant:' || merchant_id = $thing_id
),

visits as (
    select
        'order' as source,
        t.order_id as row_id,
        t.buyer_id,
        t.created_at as happened_at,
        'product' as about_type,
        t.product_id as about_id,
        o.paid_usd as amount_usd,
        null as words,
        case $relation
            when 'device' then t.device_id
            when 'ip' then t.ip_id
            when 'address' then t.address_id
            when 'payment_token' then t.payment_token_id
            when 'same_shop' then o.merchant_id
            when 'same_listing' then o.product_id
            when 'same_creator' then o.creator_id
            when 'relay'
                then
                    case
                        when
                            t.address_id
                            in (select f.address_id from fronted as f)
                            then $thing_id
                    end
            when 'trade' then case split_part($thing_id, ':', 1)
                when 'merchant' then 'merchant:' || o.merchant_id
                when 'product' then 'product:' || o.product_id
                when 'creator' then 'creator:' || o.creator_id
            end
        end as thing_id
    from staging.order_attempts as t
    left join staging.orders as o on t.order_id = o.order_id
    union all
    select
        'comment' as source,
        comment_id as row_id,
        buyer_id,
        commented_at as happened_at,
        'live_session' as about_type,
        live_session_id as about_id,
        null as amount_usd,
        body as words,
        case $relation
            when 'same_room' then live_session_id
            when 'trade' then 'live_session:' || live_session_id
        end as thing_id
    from staging.live_comments
),

pair_visits as (
    select *
    from visits
    where
        $relation = 'lockstep'
        and list_contains(string_split($thing_id, ' '), buyer_id)
),

meeting_places as (
    select about_id
    from pair_visits
    group by about_id
    having count(distinct buyer_id) = 2
),

rows_behind as (
    select
        v.*,
        'buyer' as entity_type,
        v.buyer_id as entity_id
    from visits as v
    where v.thing_id = $thing_id
    union all
    select
        v.*,
        'buyer' as entity_type,
        v.buyer_id as entity_id
    from pair_visits as v
    inner join meeting_places as m on v.about_id = m.about_id
)

select
    r.source,
    r.row_id,
    r.entity_type,
    r.entity_id,
    r.happened_at,
    r.about_type,
    r.about_id,
    cast(r.amount_usd as double) as amount_usd,
    r.words
from rows_behind as r
inner join rings.members as m
    on r.entity_type = m.entity_type and r.entity_id = m.entity_id
where m.ring_id = $ring_id
order by r.happened_at desc nulls last, r.row_id asc nulls last
