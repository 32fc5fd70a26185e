-- What each live stream's audience did in each of its minutes.
--
-- grain:   live_session_id, minute
-- params:  none
-- returns: live_session_id  varchar    -> live_sessions.live_session_id
--          minute           bigint     whole minutes since the stream started
--          viewers          bigint     accounts in the room at the end of the minute
--          joins            bigint     room entries
--          comments         bigint     comments
--          product_clicks   bigint     clicks
--          orders           bigint     orders
with source as (
    select * from raw.engagement_minutes
),

final as (
    select
        cast(live_session_id as varchar) as live_session_id,
        cast(minute as bigint) as minute,
        cast(viewers as bigint) as viewers,
        cast(joins as bigint) as joins,
        cast(comments as bigint) as comments,
        cast(product_clicks as bigint) as product_clicks,
        cast(orders as bigint) as orders
    from source
)

select * from final
