-- One row per shop (selling partner).
--
-- grain:   merchant_id
-- params:  none
-- returns: merchant_id        varchar    mer_...
--          name               varchar    shop name, as typed
--          market             varchar    ISO country the shop sells in
--          currency           varchar    ISO currency of the market
--          category           varchar    best-selling category
--          registered_at      timestamp  shop opened
--          bank_account_id    varchar    masked payout account
--          return_address_id  varchar    masked return address
--          warehouse_id       varchar    warehouse the shop ships from; shared by many when a 3PL runs it
--          erp_app_id         varchar    order app with access to the shop's orders
--          device_id          varchar    masked usual back-office device
--          closed_at          timestamp  shop closed; null = open
with source as (
    select * from raw.merchants
),

final as (
    select
        cast(merchant_id as varchar) as merchant_id,
        cast(name as varchar) as name,
        coalesce(cast(market as varchar), 'unknown') as market,
        cast(currency as varchar) as currency,
        cast(category as varchar) as category,
        cast(registered_at as timestamp) as registered_at,
        identifier('bank_account', cast(bank_account_id as varchar))
            as bank_account_id,
        identifier('address', cast(return_address_id as varchar))
            as return_address_id,
        identifier('warehouse', cast(warehouse_id as varchar)) as warehouse_id,
        identifier('erp_app', cast(erp_app_id as varchar)) as erp_app_id,
        identifier('device', cast(device_id as varchar)) as device_id,
        cast(closed_at as timestamp) as closed_at
    from source
)

select * from final
