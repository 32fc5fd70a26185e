-- What happened in one live room minute by minute.
--
-- grain:   minute
-- params:  entity_id       varchar  the live session
--          as_of           date     what was known before this day
-- returns: minute          bigint   since it started
--          viewers         bigint   present
--          joins           bigint   entries
--          joins_in_5      bigint   entries in its block of five minutes
--          comments        bigint
--          product_clicks  bigint
--          orders          bigint
with final as (
    select
        m.minute,
        m.viewers,
        m.joins,
        cast(
            sum(m.joins) over (partition by floor(m.minute / 5.0)) as bigint
        ) as joins_in_5,
        m.comments,
        m.product_clicks,
        m.orders
    from staging.engagement_minutes as m
    inner join staging.live_sessions as s
        on m.live_session_id = s.live_session_id
    where
        m.live_session_id = $entity_id
        and cast(s.ended_at as date) < $as_of
)

select * from final
order by minute asc nulls last
