-- Strikes, weather and outages that delay every parcel of a lane.
--
-- grain:   incident_id
-- params:  none
-- returns: incident_id  varchar    inc_...
--          carrier      varchar
--          market       varchar
--          kind         varchar
--          starts_at    timestamp
--          ends_at      timestamp
--          observed_at  timestamp  the carrier told us
with source as (
    select * from raw.carrier_incidents
),

final as (
    select
        cast(incident_id as varchar) as incident_id,
        cast(carrier as varchar) as carrier,
        cast(market as varchar) as market,
        cast(kind as varchar) as kind,
        cast(starts_at as timestamp) as starts_at,
        cast(ends_at as timestamp) as ends_at,
        cast(observed_at as timestamp) as observed_at
    from source
)

select * from final
