-- Sampled live comments of one buyer in sessions that ended in a window.
--
-- grain:   comment_id
-- params:  entity_id       varchar  the buyer
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: comment_id                  varchar
--          commented_at                timestamp  UTC
--          live_session_id             varchar
--          creator_id                  varchar    whose room it was
--          body                        varchar    as typed
--          text_uses                   bigint     times the words were used so far
--          text_creators               bigint     creators in whose rooms, so far
--          is_script                   integer    1 when used again and again there
with final as (
    select
        comment_id,
        commented_at,
        live_session_id,
        creator_id,
        body,
        text_uses,
        text_creators,
        is_script
    from facts.comment_facts
    where
        buyer_id = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by commented_at desc nulls last, comment_id desc
