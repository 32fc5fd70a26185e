-- Reviews of one entity in a window, those in words its shop had before first.
--
-- grain:   review_id
-- params:  entity_type  varchar  merchant or product
--          entity_id    varchar
--          as_of        date     what was known before this day
--          days         bigint   length of the window
-- returns: review_id    varchar
--          created_at   timestamp  UTC
--          order_id     varchar
--          product_id   varchar
--          buyer_id     varchar
--          rating       bigint     stars
--          body         varchar    as typed
--          is_repeated  integer    1 when the shop had these words before
with final as (
    select
        r.review_id,
        r.created_at,
        r.order_id,
        r.product_id,
        r.buyer_id,
        r.rating,
        r.body,
        case when c.review_id is null then 0 else 1 end as is_repeated
    from facts.review_facts as r
    left join facts.repeated_reviews as c on r.review_id = c.review_id
    where
        party_id(
            $entity_type, r.merchant_id, null, r.product_id, null
        ) = $entity_id
        and within(r.day, $as_of, $days)
)

select * from final
order by
    is_repeated desc nulls last,
    body asc nulls last,
    created_at asc nulls last,
    review_id asc nulls last
