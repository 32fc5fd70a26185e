-- The 90 days before each snapshot, with how long before it each one was.
--
-- A window is a join on the day and a limit on the age, without comparing ranges.
--
-- grain:   entity_type, as_of, day
-- params:  none
-- returns: entity_type  varchar
--          as_of        date     the snapshot
--          day          date     a day before it
--          age          integer  days: 1 is the day before, 90 the oldest
with ages as (
    select unnest(range(1, 91)) as age
),

final as (
    select
        s.entity_type,
        s.as_of,
        s.as_of - cast(a.age as integer) as day,
        cast(a.age as integer) as age
    from facts.snapshots as s
    cross join ages as a
)

select * from final
