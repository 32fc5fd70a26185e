-- Sign-ins and changes of credentials and contact data of every account.
--
-- grain:   auth_event_id
-- params:  none
-- returns: auth_event_id  varchar    aut_...
--          account_type   varchar
--          account_id     varchar    id of the buyer, merchant or creator
--          happened_at    timestamp
--          kind           varchar
--          device_id      varchar    masked device
--          ip_id          varchar    masked network address
--          day            date       UTC day of happened_at
with source as (
    select * from raw.auth_events
),

final as (
    select
        cast(auth_event_id as varchar) as auth_event_id,
        cast(account_type as varchar) as account_type,
        cast(account_id as varchar) as account_id,
        cast(happened_at as timestamp) as happened_at,
        cast(kind as varchar) as kind,
        identifier('device', cast(device_id as varchar)) as device_id,
        identifier('ip', cast(ip_id as varchar)) as ip_id,
        cast(happened_at as date) as day
    from source
)

select * from final
