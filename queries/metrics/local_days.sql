-- The local days of each market that the data hold whole: a day cut short looks like a fall.
--
-- grain:   market, day
-- params:  none
-- returns: market     varchar
--          day        date     local
--          is_mature  boolean  every order of it is refund_days old
with days as (
    select
        market,
        last_mature_day,
        cast(
            unnest(
                generate_series(first_whole_day, last_whole_day, interval 1 day)
            ) as date
        ) as day
    from metrics.clocks
),

final as (
    select
        market,
        day,
        day <= last_mature_day as is_mature
    from days
)

select * from final
