-- Whom one subject dealt with in the last 90 days: of each kind those with the most orders.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          markets      varchar[]  of whom is named; empty = every
--          most         bigint     of each kind
-- returns: entity_type  varchar
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
        o.merchant_id,
        o.product_id,
        o.creator_id,
        o.buyer_id,
        o.live_session_id,
        o.gmv_usd,
        count(*) over () as all_orders
    from metrics.order_outcomes as o
    cross join meta.build as b
    where
        o.day >= b.as_of - 90
        and case $entity_type
            when 'merchant' then o.merchant_id
            when 'creator' then o.creator_id
            when 'product' then o.product_id
            when 'buyer' then o.buyer_id
            when 'live_session' then o.live_session_id
        end = $entity_id
),

parties as (
    select
        gmv_usd,
        all_orders,
        unnest([
            { 'kind': 'merchant', 'id': merchant_id },
            { 'kind': 'product', 'id': product_id },
            { 'kind': 'creator', 'id': creator_id },
            { 'kind': 'live_session', 'id': live_session_id },
            { 'kind': 'buyer', 'id': buyer_id }
        ]) as party
    from sales
),

sums as (
    select
        party.kind as entity_type,
        party.id as entity_id,
        any_value(e.name) as name,
        any_value(e.market) as market,
        count(*) as orders,
        cast(sum(gmv_usd) as double) as gmv_usd,
        count(*) / any_value(all_orders) as share,
        count(*) over (partition by party.kind) as others,
        row_number() over (
            partition by party.kind
            order by count(*) desc, party.id asc
        ) as place
    from parties
    inner join graph.entities as e
        on party.kind = e.entity_type and party.id = e.entity_id
    where
        party.kind <> $entity_type
        and is_chosen(cast($markets as varchar[]), e.market)
    group by party.kind, party.id
)

select
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
order by s.entity_type asc nulls last, s.place asc nulls last
