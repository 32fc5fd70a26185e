-- Money the platform still holds for each entity, and when it would leave.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type   varchar
--          entity_id     varchar
--          held_usd      double   held, not yet paid out
--          overdue_usd   double   of it, past its payout date: an interim hold
--          payout_days   double   mean days until the rest leaves, by amount;
--                                 null where no date is known
with today as (
    select cast(max(as_of) as timestamp) as now_at
    from facts.snapshots
),

settlements as (
    select
        o.merchant_id,
        o.product_id,
        s.amount_usd,
        s.eligible_at
    from staging.settlements as s
    inner join staging.orders as o on s.order_id = o.order_id
    where s.settled_at is null
),

held_amounts as (
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        amount_usd,
        eligible_at
    from settlements
    union all
    select
        'product' as entity_type,
        product_id as entity_id,
        amount_usd,
        eligible_at
    from settlements
    union all
    select
        'creator' as entity_type,
        creator_id as entity_id,
        amount_usd,
        eligible_at
    from staging.commissions
    where paid_at is null
    union all
    select
        'live_session' as entity_type,
        o.live_session_id as entity_id,
        c.amount_usd,
        c.eligible_at
    from staging.commissions as c
    inner join staging.orders as o on c.order_id = o.order_id
    where c.paid_at is null and o.live_session_id is not null
    union all
    select
        'buyer' as entity_type,
        o.buyer_id as entity_id,
        r.amount_usd,
        cast(null as timestamp) as eligible_at
    from staging.refunds as r
    inner join staging.orders as o on r.order_id = o.order_id
    where r.refunded_at is null and o.buyer_id is not null
),

payout_times as (
    select
        h.entity_type,
        h.entity_id,
        cast(h.amount_usd as decimal(18, 6)) as amount_usd,
        h.eligible_at < t.now_at as is_overdue,
        case
            when h.eligible_at >= t.now_at
                then date_diff('hour', t.now_at, h.eligible_at) / 24.0
        end as days_left
    from held_amounts as h
    cross join today as t
),

totals as (
    select
        entity_type,
        entity_id,
        sum(amount_usd) as held_usd,
        sum(amount_usd) filter (where is_overdue) as overdue_usd,
        sum(amount_usd) filter (where days_left is not null) as dated_usd,
        sum(
            cast(
                amount_usd * cast(days_left as decimal(9, 3)) as decimal(28, 6)
            )
        ) as dated_usd_days
    from payout_times
    group by entity_type, entity_id
),

final as (
    select
        entity_type,
        entity_id,
        cast(held_usd as double) as held_usd,
        coalesce(cast(overdue_usd as double), 0.0) as overdue_usd,
        case
            when dated_usd > 0
                then cast(dated_usd_days as double) / cast(dated_usd as double)
        end as payout_days
    from totals
)

select * from final
