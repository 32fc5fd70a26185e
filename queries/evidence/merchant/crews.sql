-- Reviewers one shop shares with other shops, beside its reviews, in a window.
--
-- grain:   event, buyer_id, other_merchant_id, event_at
-- params:  entity_id          varchar  the shop
--          as_of              date     what was known before this day
--          days               bigint   length of the window
-- returns: event              varchar    meeting or review
--          event_at           timestamp  UTC
--          buyer_id           varchar
--          other_merchant_id  varchar    the other shop, where they meet
--          crew_size          bigint     such buyers in the 21 days up to then
--          rating             bigint     stars, of a review
--          body               varchar    as typed, of a review
with meetings as (
    select
        'meeting' as event,
        met_at as event_at,
        buyer_id,
        other_merchant_id,
        crew_size,
        cast(null as bigint) as rating,
        cast(null as varchar) as body
    from facts.co_reviews
    where
        merchant_id = $entity_id
        and crew_size >= 3
        and within(day, $as_of, $days)
),

reviews as (
    select
        'review' as event,
        created_at as event_at,
        buyer_id,
        cast(null as varchar) as other_merchant_id,
        cast(null as bigint) as crew_size,
        rating,
        body
    from facts.review_facts
    where
        merchant_id = $entity_id
        and within(day, $as_of, $days)
),

final as (
    select * from meetings
    union all
    select * from reviews
)

select * from final
order by
    event asc nulls last,
    crew_size desc nulls last,
    event_at desc nulls last,
    buyer_id asc nulls last,
    other_merchant_id asc nulls last
