-- From view to refund of one creator by channel, beside its peers.
--
-- Views and clicks are those of rooms and videos; what nobody counted is null. Orders count
-- by the channel they came through. A rate of peers is the median over those of its peer
-- group with orders in the channel, each rate over its own sums.
--
-- grain:   channel
-- params:  entity_id         varchar
--          peer_group        varchar
-- returns: channel           varchar  live, video or affiliate
--          views             bigint   null = not counted in this channel
--          clicks            bigint
--          orders            bigint
--          paid_usd          double
--          refunds           bigint   orders of which money was asked back
--          click_rate        double   clicks of views
--          order_rate        double   orders of clicks
--          refund_rate       double   refunds of orders
--          peers             bigint   other creators with orders in the channel
--          peer_click_rate   double   median
--          peer_order_rate   double   median
--          peer_refund_rate  double   median
with members as materialized (
    select entity_id as creator_id
    from graph.entities
    where entity_type = 'creator' and peer_group = $peer_group
    union
    select $entity_id as creator_id
),

member_orders as materialized (
    select
        o.order_id,
        o.creator_id,
        o.channel,
        o.paid_usd
    from staging.orders as o
    inner join members as m on o.creator_id = m.creator_id
    where o.channel is not null
),

asked_back as (
    select distinct order_id
    from staging.refunds
    where order_id in (select order_id from member_orders)
),

member_videos as (
    select
        v.video_id,
        v.creator_id
    from staging.videos as v
    inner join members as m on v.creator_id = m.creator_id
),

audiences as (
    select
        l.creator_id,
        'live' as channel,
        sum(l.views) as views,
        sum(l.product_clicks) as clicks
    from staging.live_sessions as l
    inner join members as m on l.creator_id = m.creator_id
    group by l.creator_id
    union all
    select
        v.creator_id,
        'video' as channel,
        sum(d.views) as views,
        sum(d.product_clicks) as clicks
    from staging.video_days as d
    inner join member_videos as v on d.video_id = v.video_id
    group by v.creator_id
),

sales as (
    select
        o.creator_id,
        o.channel,
        count(*) as orders,
        sum(o.paid_usd) as paid_usd,
        count(r.order_id) as refunds
    from member_orders as o
    left join asked_back as r on o.order_id = r.order_id
    group by o.creator_id, o.channel
),

funnels as (
    select
        coalesce(s.creator_id, a.creator_id) as creator_id,
        coalesce(s.channel, a.channel) as channel,
        a.views,
        a.clicks,
        coalesce(s.orders, 0) as orders,
        coalesce(s.paid_usd, 0) as paid_usd,
        coalesce(s.refunds, 0) as refunds,
        a.clicks / nullif(a.views, 0) as click_rate,
        coalesce(s.orders, 0) / nullif(a.clicks, 0) as order_rate,
        s.refunds / s.orders as refund_rate
    from sales as s
    full outer join audiences as a
        on s.creator_id = a.creator_id and s.channel = a.channel
),

peers as (
    select
        channel,
        count(*) as peers,
        median(click_rate) as peer_click_rate,
        median(order_rate) as peer_order_rate,
        median(refund_rate) as peer_refund_rate
    from funnels
    where creator_id <> $entity_id and orders > 0
    group by channel
)

select
    f.channel,
    cast(f.views as bigint) as views,
    cast(f.clicks as bigint) as clicks,
    f.orders,
    cast(f.paid_usd as double) as paid_usd,
    f.refunds,
    f.click_rate,
    f.order_rate,
    f.refund_rate,
    coalesce(p.peers, 0) as peers,
    p.peer_click_rate,
    p.peer_order_rate,
    p.peer_refund_rate
from funnels as f
left join peers as p on f.channel = p.channel
where f.creator_id = $entity_id
order by f.channel asc nulls last
