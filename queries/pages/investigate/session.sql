-- One live room: whose it was, who paid for it and what it brought.
--
-- grain:   live_session_id
-- params:  entity_id        varchar
-- returns: live_session_id  varchar
--          creator_id       varchar
--          creator_name     varchar    as typed: hostile until escaped
--          creator_market   varchar
--          merchant_id      varchar    null = nobody paid a slot
--          merchant_name    varchar    as typed: hostile until escaped
--          merchant_market  varchar
--          started_at       timestamp
--          ended_at         timestamp
--          views            bigint
--          unique_viewers   bigint
--          orders           bigint
--          gmv_usd          double
--          slot_fee_usd     double
with session_orders as (
    select
        count(*) as orders,
        sum(paid_usd) as gmv_usd
    from staging.orders
    where live_session_id = $entity_id
)

select
    s.live_session_id,
    s.creator_id,
    c.name as creator_name,
    c.market as creator_market,
    s.merchant_id,
    m.name as merchant_name,
    m.market as merchant_market,
    cast(s.started_at as timestamp) as started_at,
    cast(s.ended_at as timestamp) as ended_at,
    cast(s.views as bigint) as views,
    cast(s.unique_viewers as bigint) as unique_viewers,
    cast(o.orders as bigint) as orders,
    cast(coalesce(o.gmv_usd, 0) as double) as gmv_usd,
    cast(s.slot_fee_usd as double) as slot_fee_usd
from staging.live_sessions as s
cross join session_orders as o
left join graph.entities as c
    on c.entity_type = 'creator' and s.creator_id = c.entity_id
left join graph.entities as m
    on m.entity_type = 'merchant' and s.merchant_id = m.entity_id
where s.live_session_id = $entity_id
