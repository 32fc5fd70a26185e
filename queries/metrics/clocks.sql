-- The clock of each market, and which of its local days the data hold whole.
--
-- Data run from a UTC midnight to a UTC midnight, so the first and the last local day
-- are cut short wherever the clock is another. A day is mature when every order of it
-- is `refund_days` old: earlier its refunds are still coming.
--
-- grain:   market
-- params:  as_of            date     the day after the last day of data
-- returns: market           varchar
--          time_zone        varchar  UTC where none was delivered
--          is_default       boolean  none was delivered
--          first_whole_day  date
--          last_whole_day   date
--          last_mature_day  date
--          has_orders       boolean  a shop of it sold something
with markets as (
    select market from staging.merchants
    union
    select market from staging.creators
    union
    select market from staging.buyers
),

zones as (
    select
        m.market,
        coalesce(z.time_zone, 'UTC') as time_zone,
        z.time_zone is null as is_default
    from markets as m
    left join staging.markets as z on m.market = z.market
),

selling_markets as (
    select m.market
    from staging.orders as o
    inner join staging.merchants as m on o.merchant_id = m.merchant_id
    where not o.is_sample
    group by m.market
),

first_order as (
    select cast(min(day) as timestamp) as starts_at
    from staging.orders
),

-- A local day begins at or after the first midnight, another ends by the last one.
ends as (
    select
        z.market,
        z.time_zone,
        z.is_default,
        local_day(f.starts_at - interval 1 second, z.time_zone) + 1
            as first_whole_day,
        local_day(cast($as_of as timestamp), z.time_zone) - 1 as last_whole_day
    from zones as z
    cross join first_order as f
),

final as (
    select
        market,
        time_zone,
        is_default,
        first_whole_day,
        last_whole_day,
        last_whole_day - cast(refund_days() as integer) as last_mature_day,
        market in (select s.market from selling_markets as s) as has_orders
    from ends
)

select * from final
