-- What each video's audience did on each day it was watched.
--
-- grain:   video_id, day
-- params:  none
-- returns: video_id        varchar    -> videos.video_id
--          day             date       UTC day
--          views           bigint     plays
--          likes           bigint     likes
--          comments        bigint     comments
--          product_clicks  bigint     clicks
with source as (
    select * from raw.video_days
),

final as (
    select
        cast(video_id as varchar) as video_id,
        cast(day as date) as day,
        cast(views as bigint) as views,
        cast(likes as bigint) as likes,
        cast(comments as bigint) as comments,
        cast(product_clicks as bigint) as product_clicks
    from source
)

select * from final
