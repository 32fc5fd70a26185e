-- Payments that cardholders contested at their bank.
--
-- grain:   dispute_id
-- params:  none
-- returns: dispute_id    varchar    dsp_...
--          order_id      varchar    -> orders.order_id
--          event_at      timestamp  the cardholder contacted the bank
--          observed_at   timestamp  the bank's code reached us
--          decided_at    timestamp  null = open
--          kind          varchar
--          outcome       varchar    won = the marketplace kept the money; null = open
--          amount_usd    double     USD
--          currency      varchar
--          usd_per_unit  double     USD per currency unit
--          day           date       UTC day of observed_at
with source as (
    select * from raw.disputes
),

final as (
    select
        cast(dispute_id as varchar) as dispute_id,
        cast(order_id as varchar) as order_id,
        cast(event_at as timestamp) as event_at,
        cast(observed_at as timestamp) as observed_at,
        cast(decided_at as timestamp) as decided_at,
        cast(kind as varchar) as kind,
        cast(outcome as varchar) as outcome,
        usd(amount_minor, currency, usd_per_unit) as amount_usd,
        cast(currency as varchar) as currency,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(observed_at as date) as day
    from source
)

select * from final
