-- Reviews of the shop of one listing in a window, the listing's own first.
--
-- grain:   review_id
-- params:  entity_id             varchar  the listing
--          as_of                 date     what was known before this day
--          days                  bigint   length of the window
-- returns: review_id             varchar
--          created_at            timestamp  UTC
--          product_id            varchar
--          buyer_id              varchar
--          rating                bigint     stars
--          body                  varchar    as typed
--          hours_after_delivery  double     hours
--          is_fast               integer    within 48 h of delivery
--          is_own                integer    of the listing itself
with final as (
    select
        r.review_id,
        r.created_at,
        r.product_id,
        r.buyer_id,
        r.rating,
        r.body,
        r.hours_after_delivery,
        r.is_fast,
        case when r.product_id = $entity_id then 1 else 0 end as is_own
    from facts.review_facts as r
    inner join staging.products as p
        on r.merchant_id = p.merchant_id and p.product_id = $entity_id
    where
        within(r.day, $as_of, $days)
)

select * from final
order by
    is_own desc nulls last,
    is_fast desc nulls last,
    created_at desc nulls last,
    review_id asc nulls last
