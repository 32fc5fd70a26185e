-- The orders and comments behind one thing that ties a member: its own and the ring's others.
--
-- Own rows first, then newest first; of a pair that moved together, where both were.
-- Comments come as typed: hostile until escaped.
--
-- grain:   source, row_id, entity_type, entity_id
-- params:  ring_id      varchar
--          entity_type  varchar
--          entity_id    varchar
--          relation     varchar  of rings.member_evidence
--          thing_id     varchar  of rings.member_evidence
--          limit        bigint
-- returns: source       varchar    order or comment
--          row_id       varchar
--          entity_type  varchar    whose row it is
--          entity_id    varchar
--          is_own       boolean    of the member asked for
--          happened_at  timestamp
--          about_type   varchar    product or live_session; null = nothing
--          about_id     varchar
--          amount_usd   double     null = no money in it
--          words        varchar    of a comment; null = none
--          total_count  bigint     rows in all, before limit
--          name         varchar    of whose row it is, as typed
--          market       varchar    of the same
--          about_name   varchar    of what it is about; null = nameless
with people as (
    select
        entity_type,
        entity_id,
        entity_type = $entity_type and entity_id = $entity_id as is_own
    from rings.members
    where ring_id = $ring_id
),

-- Where the customers of a front have their goods sent.
fronted as (
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
    p.is_own,
    r.happened_at,
    r.about_type,
    r.about_id,
    cast(r.amount_usd as double) as amount_usd,
    r.words,
    count(*) over () as total_count,
    e.name,
    e.market,
    a.name as about_name
from rows_behind as r
inner join people as p
    on r.entity_type = p.entity_type and r.entity_id = p.entity_id
left join graph.entities as e
    on r.entity_type = e.entity_type and r.entity_id = e.entity_id
left join graph.entities as a
    on r.about_type = a.entity_type and r.about_id = a.entity_id
order by
    p.is_own desc nulls last,
    r.happened_at desc nulls last,
    r.row_id asc nulls last
limit $limit
