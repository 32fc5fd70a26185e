-- Daily plays of one creator's videos in a window.
--
-- grain:   video_id, day
-- params:  entity_id       varchar  the creator
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: video_id                    varchar
--          title                       varchar    as typed
--          day                         date
--          views                       bigint     plays
--          likes                       bigint
--          comments                    bigint
--          product_clicks              bigint
with final as (
    select
        v.video_id,
        v.title,
        d.day,
        d.views,
        d.likes,
        d.comments,
        d.product_clicks
    from staging.video_days as d
    inner join staging.videos as v on d.video_id = v.video_id
    where
        v.creator_id = $entity_id
        and within(d.day, $as_of, $days)
)

select * from final
order by day desc nulls last, video_id desc
