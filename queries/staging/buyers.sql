-- One row per buyer account.
--
-- grain:   buyer_id
-- params:  none
-- returns: buyer_id       varchar    buy_...
--          name           varchar    display name, as typed
--          market         varchar
--          registered_at  timestamp
with source as (
    select * from raw.buyers
),

final as (
    select
        cast(buyer_id as varchar) as buyer_id,
        cast(name as varchar) as name,
        coalesce(cast(market as varchar), 'unknown') as market,
        cast(registered_at as timestamp) as registered_at
    from source
)

select * from final
