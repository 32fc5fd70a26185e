-- The clock of each market that delivered one.
--
-- grain:   market
-- params:  none
-- returns: market     varchar  ISO country
--          time_zone  varchar  of the IANA database
with source as (
    select * from raw.markets
),

final as (
    select
        cast(market as varchar) as market,
        cast(time_zone as varchar) as time_zone
    from source
)

select * from final
