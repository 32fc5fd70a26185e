-- The creator's money for one order.
--
-- grain:   commission_id
-- params:  none
-- returns: commission_id    varchar    com_...
--          order_id         varchar    -> orders.order_id
--          creator_id       varchar    -> creators.creator_id
--          eligible_at      timestamp
--          paid_at          timestamp
--          clawed_back_at   timestamp  paid commission taken back
--          clawed_back_usd  double     USD
--          amount_usd       double     USD
--          currency         varchar
--          usd_per_unit     double     USD per currency unit
--          day              date       UTC day of eligible_at
with source as (
    select * from raw.commissions
),

final as (
    select
        cast(commission_id as varchar) as commission_id,
        cast(order_id as varchar) as order_id,
        cast(creator_id as varchar) as creator_id,
        cast(eligible_at as timestamp) as eligible_at,
        cast(paid_at as timestamp) as paid_at,
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
