-- Each sampled live comment with how its words and its account were used before.
--
-- A comment counts on the day its session ended. A script is a sentence that
-- comes up again and again, yet only in the rooms of a few creators.
--
-- grain:   comment_id
-- params:  none
-- returns: comment_id       varchar
--          live_session_id  varchar
--          creator_id       varchar    whose room it was
--          buyer_id         varchar    null = a viewer without a buyer account
--          commented_at     timestamp  UTC
--          day              date       UTC day the session ended
--          body             varchar    as typed
--          text_uses        bigint     times the words were used so far
--          text_creators    bigint     creators in whose rooms, so far
--          is_script        integer    1 when 4 uses or more by 3 creators or fewer
--          next_day         date       the account's next comment at this creator
with comments as (
    select
        c.comment_id,
        c.live_session_id,
        s.creator_id,
        c.buyer_id,
        c.commented_at,
        s.ended_at,
        cast(s.ended_at as date) as day,
        c.body,
        row_number() over (
            partition by c.body, s.creator_id
            order by s.ended_at, c.comment_id
        ) as turn,
        case
            when c.buyer_id is not null
                then lead(cast(s.ended_at as date)) over (
                    partition by s.creator_id, c.buyer_id
                    order by s.ended_at, c.comment_id
                )
        end as next_day
    from staging.live_comments as c
    inner join staging.live_sessions as s
        on c.live_session_id = s.live_session_id
),

running_counts as (
    select
        *,
        count(*) over (
            partition by body
            order by ended_at, comment_id
            rows between unbounded preceding and current row
        ) as text_uses,
        sum(case when turn = 1 then 1 else 0 end) over (
            partition by body
            order by ended_at, comment_id
            rows between unbounded preceding and current row
        ) as text_creators
    from comments
),

final as (
    select
        comment_id,
        live_session_id,
        creator_id,
        buyer_id,
        commented_at,
        day,
        body,
        cast(text_uses as bigint) as text_uses,
        cast(text_creators as bigint) as text_creators,
        case
            when
                text_uses >= 4
                and text_creators <= 3
                and length(body) >= short_text() then 1
            else 0
        end as is_script,
        next_day
    from running_counts
)

select * from final
