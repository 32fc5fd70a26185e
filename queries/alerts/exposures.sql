-- Money each entity can still take, and the daily flow it takes it from.
--
-- A live room takes its money at once; it is described for 30 days, so its slot
-- fee and commission are spread over those like the flows of its host, of which
-- they are a part.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type     varchar
--          entity_id       varchar
--          held_usd        double   held by the platform, not yet paid out
--          daily_flow_usd  double   USD a day, over 30, that a loss comes from
--          daily_gmv_usd   double   USD a day, over 30, of ordinary trade
with held as (
    select
        'merchant' as entity_type,
        o.merchant_id as entity_id,
        s.amount_usd
    from staging.settlements as s
    inner join staging.orders as o on s.order_id = o.order_id
    where s.settled_at is null
    union all
    select
        'product' as entity_type,
        o.product_id as entity_id,
        s.amount_usd
    from staging.settlements as s
    inner join staging.orders as o on s.order_id = o.order_id
    where s.settled_at is null
    union all
    select
        'creator' as entity_type,
        creator_id as entity_id,
        amount_usd
    from staging.commissions
    where paid_at is null
    union all
    select
        'buyer' as entity_type,
        o.buyer_id as entity_id,
        r.amount_usd
    from staging.refunds as r
    inner join staging.orders as o on r.order_id = o.order_id
    where r.refunded_at is null
    union all
    select
        'live_session' as entity_type,
        o.live_session_id as entity_id,
        c.amount_usd
    from staging.commissions as c
    inner join staging.orders as o on c.order_id = o.order_id
    where c.paid_at is null and o.live_session_id is not null
),

summed as (
    select
        entity_type,
        entity_id,
        cast(sum(cast(amount_usd as decimal(18, 6))) as double)
            as held_usd
    from held
    group by entity_type, entity_id
),

flows as (
    select
        w.entity_type,
        w.entity_id,
        case w.entity_type
            when 'creator' then w.commission_usd_30d
            else w.gmv_usd_30d
        end / 30.0 as daily_flow_usd,
        w.gmv_usd_30d / 30.0 as daily_gmv_usd
    from features.entity_windows as w
    inner join features.snapshots as s
        on w.entity_type = s.entity_type and w.as_of = s.as_of
    where s.is_latest
    union all
    select
        s.entity_type,
        w.buyer_id as entity_id,
        (w.voucher_usd_30d + w.refund_usd_30d) / 30.0 as daily_flow_usd,
        w.gmv_usd_30d / 30.0 as daily_gmv_usd
    from features.buyer_windows as w
    inner join features.snapshots as s
        on s.entity_type = 'buyer' and w.as_of = s.as_of
    where s.is_latest
    union all
    select
        s.entity_type,
        t.live_session_id as entity_id,
        (t.commission_usd + l.slot_fee_usd) / 30.0 as daily_flow_usd,
        t.gmv_usd / 30.0 as daily_gmv_usd
    from features.session_trade as t
    inner join features.snapshots as s
        on s.entity_type = 'live_session' and t.as_of = s.as_of
    inner join staging.live_sessions as l
        on t.live_session_id = l.live_session_id
    where s.is_latest
),

fees as (
    select
        a.creator_id,
        a.slot_fee_usd_30d / 30.0 as daily_fee_usd
    from features.creator_audience as a
    inner join features.snapshots as s
        on s.entity_type = 'creator' and a.as_of = s.as_of
    where s.is_latest
),

described as (
    select
        e.entity_type,
        e.entity_id,
        coalesce(h.held_usd, 0.0) as held_usd,
        coalesce(f.daily_flow_usd, 0.0) + coalesce(p.daily_fee_usd, 0.0)
            as daily_flow_usd,
        coalesce(f.daily_gmv_usd, 0.0) as daily_gmv_usd
    from graph.entities as e
    left join summed as h
        on e.entity_type = h.entity_type and e.entity_id = h.entity_id
    left join flows as f
        on e.entity_type = f.entity_type and e.entity_id = f.entity_id
    left join fees as p
        on e.entity_type = 'creator' and e.entity_id = p.creator_id
)

select * from described
where held_usd > 0.0 or daily_flow_usd > 0.0 or daily_gmv_usd > 0.0
