-- One row per short video.
--
-- grain:   video_id
-- params:  none
-- returns: video_id      varchar    vid_...
--          creator_id    varchar    -> creators.creator_id
--          title         varchar
--          published_at  timestamp
with source as (
    select * from raw.videos
),

final as (
    select
        cast(video_id as varchar) as video_id,
        cast(creator_id as varchar) as creator_id,
        cast(title as varchar) as title,
        cast(published_at as timestamp) as published_at
    from source
)

select * from final
