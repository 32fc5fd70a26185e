-- Reviews whose words another review of the same shop had used before.
--
-- Short praise repeats by itself, so only texts of 20 characters or more count.
--
-- grain:   review_id
-- params:  none
-- returns: review_id    varchar
--          order_id     varchar
--          merchant_id  varchar
--          product_id   varchar
--          buyer_id     varchar
--          created_at   timestamp
--          day          date
--          body         varchar    as typed
--          place        bigint     2 = second review of the shop in these words
with text_uses as (
    select
        review_id,
        order_id,
        merchant_id,
        product_id,
        buyer_id,
        created_at,
        day,
        body,
        row_number() over (
            partition by lower(trim(body)), merchant_id
            order by created_at asc nulls last, review_id asc nulls last
        ) as place
    from facts.review_facts
    where length(body) >= short_text()
)

select * from text_uses
where place > 1
