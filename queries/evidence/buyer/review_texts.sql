-- Longer reviews of one buyer with how many accounts had used their words.
--
-- grain:   review_id
-- params:  entity_id       varchar  the buyer
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: review_id                   varchar
--          order_id                    varchar
--          created_at                  timestamp  UTC
--          rating                      bigint     stars
--          body                        varchar    as typed
--          text_accounts               bigint     accounts with these words so far
--          is_copied                   integer    2 accounts or more
with final as (
    select
        review_id,
        order_id,
        created_at,
        rating,
        body,
        text_accounts,
        is_copied
    from facts.review_text_facts
    where
        buyer_id = $entity_id
        and within(day, $as_of, $days)
)

select * from final
order by created_at desc nulls last, review_id desc
