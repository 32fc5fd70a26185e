-- Reviews of one entity in a window, those in nearly another account's words first.
--
-- grain:   review_id
-- params:  entity_type    varchar  merchant, product or buyer
--          entity_id      varchar
--          as_of          date     what was known before this day
--          days           bigint   length of the window
-- returns: review_id      varchar
--          created_at     timestamp  UTC
--          product_id     varchar
--          buyer_id       varchar
--          rating         bigint     stars
--          body           varchar    as typed
--          is_near_copy   integer    1 when the shop had nearly this that week
--          twin_id        varchar    the review it resembles
--          twin_buyer_id  varchar    who wrote that one
--          twin_body      varchar    as typed
with final as (
    select
        r.review_id,
        r.created_at,
        r.product_id,
        r.buyer_id,
        r.rating,
        r.body,
        case when t.review_id is null then 0 else 1 end as is_near_copy,
        t.twin_id,
        w.buyer_id as twin_buyer_id,
        w.body as twin_body
    from facts.review_facts as r
    left join similarity.near_duplicate_reviews as t
        on r.review_id = t.review_id
    left join facts.review_facts as w on t.twin_id = w.review_id
    where
        party_id(
            $entity_type, r.merchant_id, null, r.product_id, r.buyer_id
        ) = $entity_id
        and within(r.day, $as_of, $days)
)

select * from final
order by
    is_near_copy desc nulls last,
    created_at desc nulls last,
    review_id asc nulls last
