-- Sampled comments in one creator's rooms that ended in a window.
--
-- grain:   comment_id
-- params:  entity_id       varchar  the creator
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: comment_id                  varchar
--          live_session_id             varchar
--          commented_at                timestamp  UTC
--          buyer_id                    varchar    null = no buyer account
--          body                        varchar    as typed
--          text_uses                   bigint     times the words were used so far
--          text_creators               bigint     creators in whose rooms, so far
--          is_script                   integer    often, and in few creators' rooms
with final as (
    select
        comment_id,
        live_session_id,
        commented_at,
        buyer_id,
        body,
        text_uses,
        text_creators,
        is_script
    from facts.comment_facts
    where
        creator_id = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by commented_at desc nulls last, comment_id desc
