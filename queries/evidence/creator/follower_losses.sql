-- Followers that one creator lost from each day to the next.
--
-- grain:   day
-- params:  entity_id       varchar  the creator
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: day                         date
--          followers                   bigint     accounts at the end of the day
--          lost_share                  double     of the day before
with follower_days as (
    select
        day,
        followers,
        1.0 - followers / nullif(
            cast(lag(followers) over (order by day) as double), 0.0
        ) as lost_share
    from staging.creator_days
    where creator_id = $entity_id and day < $as_of
),

final as (
    select *
    from follower_days
    where day >= cast($as_of as date) - cast($days as integer)
)

select * from final
order by day desc nulls last
