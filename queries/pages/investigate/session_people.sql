-- One page of the accounts that spoke or bought in one live room, riskiest first.
--
-- grain:   entity_id
-- params:  entity_id     varchar  the live session
--          limit         bigint
--          offset        bigint
-- returns: entity_type          varchar  buyer
--          entity_id            varchar
--          name                 varchar  as typed: hostile until escaped
--          market               varchar
--          comments             bigint   sampled comments in this room
--          other_live_sessions  bigint   others it was heard in
--          orders               bigint   orders in this room
--          cancelled            bigint   of them cancelled
--          paid_usd             double
--          score                double   null = not scored
--          score_band           varchar
--          total_count          bigint   accounts in all, before limit
with comment_counts as (
    select
        buyer_id,
        count(*) as comments
    from staging.live_comments
    where live_session_id = $entity_id and buyer_id is not null
    group by buyer_id
),

other_sessions as (
    select
        buyer_id,
        count(distinct live_session_id) as other_live_sessions
    from staging.live_comments
    where
        live_session_id <> $entity_id
        and buyer_id in (select s.buyer_id from comment_counts as s)
    group by buyer_id
),

order_counts as (
    select
        buyer_id,
        count(*) as orders,
        count(cancelled_at) as cancelled,
        sum(paid_usd) as paid_usd
    from staging.orders
    where live_session_id = $entity_id
    group by buyer_id
),

people as (
    select buyer_id from comment_counts
    union
    select buyer_id from order_counts
),

latest_scores as (
    select
        entity_id,
        probability as score,
        score_band
    from alerts.probabilities
    where entity_type = 'buyer'
)

select
    'buyer' as entity_type,
    p.buyer_id as entity_id,
    e.name,
    e.market,
    cast(coalesce(s.comments, 0) as bigint) as comments,
    cast(coalesce(r.other_live_sessions, 0) as bigint) as other_live_sessions,
    cast(coalesce(b.orders, 0) as bigint) as orders,
    cast(coalesce(b.cancelled, 0) as bigint) as cancelled,
    cast(coalesce(b.paid_usd, 0) as double) as paid_usd,
    cast(l.score as double) as score,
    l.score_band,
    count(*) over () as total_count
from people as p
left join graph.entities as e
    on e.entity_type = 'buyer' and p.buyer_id = e.entity_id
left join comment_counts as s on p.buyer_id = s.buyer_id
left join other_sessions as r on p.buyer_id = r.buyer_id
left join order_counts as b on p.buyer_id = b.buyer_id
left join latest_scores as l on p.buyer_id = l.entity_id
order by l.score desc nulls last, p.buyer_id asc nulls last
limit $limit offset $offset
