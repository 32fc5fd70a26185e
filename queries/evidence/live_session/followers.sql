-- Followers of the host on each day of the two weeks after one live room.
--
-- grain:   day
-- params:  entity_id       varchar  the live session
--          as_of           date     what was known before this day
-- returns: day             date
--          days_after      bigint   days since the room ended
--          followers       bigint   of the host
--          followers_then  bigint   on the day it ended
--          day_loss_share  double   of the day before; null on the first day
with live_session as (
    select
        creator_id,
        end_day
    from windows.session_audience
    where live_session_id = $entity_id
),

final as (
    select
        d.day,
        date_diff('day', r.end_day, d.day) as days_after,
        d.followers,
        first_value(d.followers) over (order by d.day) as followers_then,
        1.0 - d.followers / nullif(
            cast(lag(d.followers) over (order by d.day) as double), 0.0
        ) as day_loss_share
    from staging.creator_days as d
    inner join live_session as r on d.creator_id = r.creator_id
    where
        d.day >= r.end_day
        and d.day <= r.end_day + 14
        and d.day < cast($as_of as date)
)

select * from final
order by day asc nulls last
