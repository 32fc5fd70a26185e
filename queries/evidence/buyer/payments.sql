-- How one buyer's orders were looked at, paid and cancelled in a window.
--
-- An order is a paid one. An attempt had not been paid by the snapshot; it lapses when
-- it is cancelled unpaid.
--
-- grain:   event, event_id
-- params:  entity_id       varchar  the buyer
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: event                       varchar    order, attempt, cancellation,
--                                                 lapse or declined
--          event_id                    varchar    of the order or the attempt
--          event_at                    timestamp  UTC
--          amount_usd                  double     USD
--          payment_token_id            varchar    masked
--          device_id                   varchar    masked
--          card_bin                    varchar    issuer of a refused card
--          reason                      varchar    why it was refused
--          view_seconds                double     seconds on the listing
--          is_billing_mismatch         integer    billed elsewhere
--          is_short_look               integer    under 30 s on the listing
with orders as (
    select
        'order' as event,
        order_id as event_id,
        counted_at as event_at,
        paid_usd as amount_usd,
        payment_token_id,
        device_id,
        cast(null as varchar) as card_bin,
        cast(null as varchar) as reason,
        view_seconds,
        case when not is_billing_match then 1 else 0 end as is_billing_mismatch,
        case when view_seconds < 30.0 then 1 else 0 end as is_short_look
    from staging.orders
    where buyer_id = $entity_id and not is_sample
),

cancellations as (
    select
        'cancellation' as event,
        order_id as event_id,
        cancelled_at as event_at,
        paid_usd as amount_usd,
        cast(null as varchar) as payment_token_id,
        device_id,
        cast(null as varchar) as card_bin,
        cast(null as varchar) as reason,
        view_seconds,
        cast(0 as integer) as is_billing_mismatch,
        cast(0 as integer) as is_short_look
    from staging.orders
    where
        buyer_id = $entity_id and not is_sample and cancelled_at is not null
),

attempts as (
    select
        order_id,
        created_at as event_at,
        paid_usd as amount_usd,
        payment_token_id,
        device_id
    from staging.orders
    where buyer_id = $entity_id and not is_sample and day >= $as_of
    union all
    select
        order_id,
        created_at as event_at,
        unpaid_usd as amount_usd,
        payment_token_id,
        device_id
    from staging.unpaid_orders
    where buyer_id = $entity_id and not is_sample
),

unpaid_events as (
    select
        'attempt' as event,
        order_id as event_id,
        event_at,
        amount_usd,
        payment_token_id,
        device_id
    from attempts
    union all
    select
        'lapse' as event,
        order_id as event_id,
        cancelled_at as event_at,
        unpaid_usd as amount_usd,
        cast(null as varchar) as payment_token_id,
        device_id
    from staging.unpaid_orders
    where
        buyer_id = $entity_id and not is_sample and cancelled_at is not null
),

declined_payments as (
    select
        'declined' as event,
        attempt_id as event_id,
        attempted_at as event_at,
        amount_usd,
        payment_token_id,
        device_id,
        card_bin,
        reason,
        cast(null as double) as view_seconds,
        cast(0 as integer) as is_billing_mismatch,
        cast(0 as integer) as is_short_look
    from staging.declined_payments
    where buyer_id = $entity_id
),

events as (
    select * from orders
    union all
    select * from cancellations
    union all
    select * from declined_payments
    union all
    select
        event,
        event_id,
        event_at,
        amount_usd,
        payment_token_id,
        device_id,
        cast(null as varchar) as card_bin,
        cast(null as varchar) as reason,
        cast(null as double) as view_seconds,
        cast(0 as integer) as is_billing_mismatch,
        cast(0 as integer) as is_short_look
    from unpaid_events
),

final as (
    select *
    from events
    where
        within(cast(event_at as date), $as_of, $days)
)

select * from final
order by event_at desc nulls last, event asc, event_id desc
