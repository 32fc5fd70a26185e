-- Whom some subjects dealt with in 90 days: of each kind those with the most orders.
--
-- grain:   entity_key, entity_type, entity_id
-- params:  keys     varchar[]  list of type:id
--          markets  varchar[]  of whom is named; empty = every
--          most     bigint     of each kind
-- returns: entity_key   varchar  type:id of the subject
--          entity_type  varchar
--          entity_id    varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          orders       bigint
--          gmv_usd      double
--          share        double   of the subject's orders in these days
--          score_band   varchar  null = not scored
--          others       bigint   of this kind in these markets
with sales as (
    select
        k.entity_key,
        k.entity_type as own_type,
        o.gmv_usd,
        count(*) over (partition by k.entity_key) as all_orders,
        unnest([
            { 'kind': 'merchant', 'id': o.merchant_id },
            { 'kind': 'product', 'id': o.product_id },
            { 'kind': 'creator', 'id': o.creator_id },
            { 'kind': 'live_session', 'id': o.live_session_id },
            { 'kind': 'buyer', 'id': o.buyer_id }
        ]) as party
    from metrics.order_outcomes as o
    cross join meta.build as b
    inner join subjects_of($keys) as k
        on
            case k.entity_type
                when 'merchant' then o.merchant_id
                when 'creator' then o.creator_id
                when 'product' then o.product_id
                when 'buyer' then o.buyer_id
                when 'live_session' then o.live_session_id
            end = k.entity_id
    where o.day >= b.as_of - 90
),

sums as (
    select
        s.entity_key,
        s.party.kind as entity_type,
        s.party.id as entity_id,
        any_value(e.name) as name,
        any_value(e.market) as market,
        count(*) as orders,
        cast(sum(s.gmv_usd) as double) as gmv_usd,
        count(*) / any_value(s.all_orders) as share,
        count(*) over of_the_kind as others,
        row_number() over (
            partition by s.entity_key, s.party.kind
            order by count(*) desc, s.party.id asc
        ) as place
    from sales as s
    inner join graph.entities as e
        on s.party.kind = e.entity_type and s.party.id = e.entity_id
    where
        s.party.kind <> s.own_type
        and is_chosen(cast($markets as varchar[]), e.market)
    group by s.entity_key, s.party.kind, s.party.id
    window of_the_kind as (partition by s.entity_key, s.party.kind)
)

select
    s.entity_key,
    s.entity_type,
    s.entity_id,
    s.name,
    s.market,
    s.orders,
    s.gmv_usd,
    cast(s.share as double) as share,
    p.score_band,
    s.others
from sums as s
left join alerts.probabilities as p
    on s.entity_type = p.entity_type and s.entity_id = p.entity_id
where s.place <= $most
order by
    s.entity_key asc nulls last,
    s.entity_type asc nulls last,
    s.place asc nulls last
