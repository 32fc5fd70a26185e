-- How many of its followers a host lost after each live room, day by day.
--
-- Bought followers leave together within two weeks; a crowd that came for the
-- host stays. The day the room ended is the measure; days after the fourteenth
-- say nothing more of it.
--
-- grain:   live_session_id, day
-- params:  none
-- returns: live_session_id  varchar
--          day              date     1 to 14 days after it ended
--          days_after       bigint
--          followers        double   of the host, that day
--          lost_share       double   largest loss since, of those it ended with
--          day_loss_share   double   largest loss on one day since, of the day before
with days as (
    select
        a.live_session_id,
        d.day,
        cast(d.day - a.end_day as bigint) as days_after,
        cast(d.followers as double) as followers
    from windows.session_audience as a
    inner join staging.creator_days as d
        on
            a.creator_id = d.creator_id
            and a.end_day <= d.day
            and a.end_day >= d.day - 14
),

follower_changes as (
    select
        live_session_id,
        day,
        days_after,
        followers,
        first_value(followers) over (
            partition by live_session_id
            order by day
        ) as followers_then,
        first_value(days_after) over (
            partition by live_session_id
            order by day
        ) as first_day,
        lag(followers) over (
            partition by live_session_id
            order by day
        ) as followers_before
    from days
),

final as (
    select
        live_session_id,
        day,
        days_after,
        followers,
        greatest(
            1.0 - min(followers) over (
                partition by live_session_id
                order by day
                rows between unbounded preceding and current row
            ) / nullif(followers_then, 0.0),
            0.0
        ) as lost_share,
        greatest(
            max(1.0 - followers / nullif(followers_before, 0.0)) over (
                partition by live_session_id
                order by day
                rows between unbounded preceding and current row
            ),
            0.0
        ) as day_loss_share
    from follower_changes
    where first_day = 0
)

select * from final
where days_after > 0
