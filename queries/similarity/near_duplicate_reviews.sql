-- Longer reviews in nearly the words of another account's, of the same shop, that week.
--
-- Honest reviews resemble each other over months; within one shop and seven days it
-- takes a script. Word for word is counted too.
--
-- grain:   review_id
-- params:  none
-- returns: review_id    varchar
--          merchant_id  varchar
--          product_id   varchar
--          buyer_id     varchar
--          day          date     UTC day it was written
--          twin_id      varchar  the latest such review before it
with pairs as (
    select
        a.review_id,
        a.merchant_id,
        a.product_id,
        a.buyer_id,
        a.day,
        b.review_id as twin_id,
        row_number() over (
            partition by a.review_id
            order by b.created_at desc nulls last, b.review_id asc nulls last
        ) as place
    from similarity.review_sketches as a
    inner join similarity.review_sketches as b
        on
            a.merchant_id = b.merchant_id
            and a.band = b.band
            and a.sketch = b.sketch
            and a.buyer_id <> b.buyer_id
            and a.created_at > b.created_at
            and a.created_at <= b.created_at + interval 7 day
),

final as (
    select
        review_id,
        merchant_id,
        product_id,
        buyer_id,
        day,
        twin_id
    from pairs
    where place = 1
)

select * from final
