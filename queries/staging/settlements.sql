-- The seller's money for one order.
--
-- grain:   settlement_id
-- params:  none
-- returns: settlement_id    varchar    set_...
--          order_id         varchar    -> orders.order_id
--          eligible_at      timestamp
--          settled_at       timestamp
--          clawed_back_at   timestamp  settled money taken back
--          clawed_back_usd  double     USD
--          amount_usd       double     USD
--          currency         varchar
--          usd_per_unit     double     USD per currency unit
--          day              date       UTC day of eligible_at
with source as (
    select * from raw.settlements
),

final as (
    select
        cast(settlement_id as varchar) as settlement_id,
        cast(order_id as varchar) as order_id,
        cast(eligible_at as timestamp) as eligible_at,
        cast(settled_at as timestamp) as settled_at,
        cast(clawed_back_at as timestamp) as clawed_back_at,
        usd(coalesce(clawed_back_minor, 0), currency, usd_per_unit)
            as clawed_back_usd,
        usd(amount_minor, currency, usd_per_unit) as amount_usd,
        cast(currency as varchar) as currency,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(eligible_at as date) as day
    from source
)

select * from final
