-- One row per creator (host or affiliate).
--
-- grain:   creator_id
-- params:  none
-- returns: creator_id       varchar    crt_...
--          handle           varchar    public handle, as typed
--          market           varchar    ISO country of the audience
--          category         varchar    category promoted most
--          registered_at    timestamp  account opened
--          agency_id        varchar    declared agency (MCN), agc_...
--          bank_account_id  varchar    masked payout account
--          device_id        varchar    masked usual streaming device
--          ip_id            varchar    masked usual streaming network
with source as (
    select * from raw.creators
),

final as (
    select
        cast(creator_id as varchar) as creator_id,
        cast(handle as varchar) as handle,
        coalesce(cast(market as varchar), 'unknown') as market,
        cast(category as varchar) as category,
        cast(registered_at as timestamp) as registered_at,
        identifier('agency', cast(agency_id as varchar)) as agency_id,
        identifier('bank_account', cast(bank_account_id as varchar))
            as bank_account_id,
        identifier('device', cast(device_id as varchar)) as device_id,
        identifier('ip', cast(ip_id as varchar)) as ip_id
    from source
)

select * from final
