-- Followers that the host of one live room lost from each day to the next.
--
-- grain:   day
-- params:  entity_id   varchar  the live session
--          as_of       date     what was known before this day
--          days        bigint   length of the window
-- returns: day         date
--          followers   bigint   of the host, at the end of the day
--          lost_share  double   of the day before
with follower_days as (
    select
        d.day,
        d.followers,
        1.0 - d.followers / nullif(
            cast(lag(d.followers) over (order by d.day) as double), 0.0
        ) as lost_share
    from staging.creator_days as d
    inner join staging.live_sessions as l on d.creator_id = l.creator_id
    where l.live_session_id = $entity_id and d.day < $as_of
),

final as (
    select *
    from follower_days
    where day >= cast($as_of as date) - cast($days as integer)
)

select * from final
order by day desc nulls last
