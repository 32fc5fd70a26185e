-- A sample of each live stream's comments, at most 20 of one stream.
--
-- grain:   comment_id
-- params:  none
-- returns: comment_id       varchar    cmt_...
--          live_session_id  varchar    -> live_sessions.live_session_id
--          buyer_id         varchar    null = a viewer who has no buyer account
--          commented_at     timestamp
--          body             varchar    comment, as typed
--          day              date       UTC day of commented_at
with source as (
    select * from raw.live_comments
),

final as (
    select
        cast(comment_id as varchar) as comment_id,
        cast(live_session_id as varchar) as live_session_id,
        cast(buyer_id as varchar) as buyer_id,
        cast(commented_at as timestamp) as commented_at,
        cast(body as varchar) as body,
        cast(commented_at as date) as day
    from source
)

select * from final
