-- Spans of account age within which entities are compared with each other.
--
-- A shop of two weeks is compared with shops of weeks, not with shops of years.
--
-- grain:   age_band
-- params:  none
-- returns: age_band    varchar  new, young, settled or old
--          from_days   integer  days since registration, inclusive
--          until_days  integer  days since registration, exclusive
with final as (
    select
        'new' as age_band,
        cast(0 as integer) as from_days,
        cast(30 as integer) as until_days
    union all
    select
        'young' as age_band,
        cast(30 as integer) as from_days,
        cast(90 as integer) as until_days
    union all
    select
        'settled' as age_band,
        cast(90 as integer) as from_days,
        cast(365 as integer) as until_days
    union all
    select
        'old' as age_band,
        cast(365 as integer) as from_days,
        cast(1000000 as integer) as until_days
)

select * from final
