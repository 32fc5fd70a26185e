-- The instants at which features are taken: weekly to train, daily to follow.
--
-- The weekly ones are counted from a fixed day, so that the next delivery keeps them;
-- the newest day is taken whatever its weekday.
--
-- A live room is described from the snapshot after it ended until 30 days after
-- it (windows.session_trade says why), so its days are as few as a buyer's.
--
-- grain:   entity_type, as_of
-- params:  as_of         date     the day after the last day of data
--          anchor_day    date     a day of the weekly grid; the others are counted from it
--          step_days     bigint   days between training snapshots
--          seller_days   bigint   daily snapshots kept for merchants, creators
--          other_days    bigint   daily ones for products, buyers, live rooms
-- returns: entity_type   varchar
--          as_of         date     midnight UTC; only what came before is known
--          is_training   boolean  one of the weekly points
--          is_latest     boolean
with ages as (
    select unnest(range(0, 3650)) as age
),

dates as (
    select
        age,
        cast($as_of as date) - cast(age as integer) as as_of,
        (
            date_diff('day', cast($anchor_day as date), cast($as_of as date))
            - age
        ) % $step_days = 0 as is_weekly
    from ages
),

-- Two weeks of orders make the first features; scores that came alone need none.
first_day as (
    select
        coalesce(
            (select min(day) + 14 from staging.orders),
            (select min(first_scored_on) from staging.scored_entities)
        ) as day
),

daily_windows as (
    select
        'merchant' as entity_type,
        $seller_days as daily_days
    union all
    select
        'creator' as entity_type,
        $seller_days as daily_days
    union all
    select
        'product' as entity_type,
        $other_days as daily_days
    union all
    select
        'buyer' as entity_type,
        $other_days as daily_days
    union all
    select
        'live_session' as entity_type,
        $other_days as daily_days
),

final as (
    select
        k.entity_type,
        d.as_of,
        d.is_weekly as is_training,
        d.age = 0 as is_latest
    from dates as d
    cross join daily_windows as k
    cross join first_day as f
    where
        (d.age < k.daily_days or d.is_weekly)
        and d.as_of >= f.day
)

select * from final
