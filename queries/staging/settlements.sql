-- The seller's money for one order.
--
-- grain:   settlement_id
-- params:  none
-- returns: settlement_id  varchar    set_...
--          order_id       varchar    -> orders.order_id
--          eligible_at    timestamp
--          settled_at     timestamp
--          amount_usd     double     USD
--          currency       varchar
--          usd_per_unit   double     USD per currency unit
--          day            date       UTC day of eligible_at
with source as (
    select * from raw.settlements
),

renamed as (
    select
        cast(settlement_id as varchar) as settlement_id,
        cast(order_id as varchar) as order_id,
        cast(eligible_at as timestamp) as eligible_at,
        cast(settled_at as timestamp) as settled_at,
        cast(amount_minor as double) / 100.0 * usd_per_unit as amount_usd,
        cast(currency as varchar) as currency,
        cast(usd_per_unit as double) as usd_per_unit,
        cast(eligible_at as date) as day
    from source
    qualify row_number() over (
        partition by settlement_id
        order by eligible_at nulls last
    ) = 1
)

select * from renamed
