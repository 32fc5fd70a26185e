-- Listings of unrelated shops with nearly the title of one listing.
--
-- grain:   twin_id
-- params:  entity_id    varchar  the listing
--          as_of        date     what was known before this day
-- returns: twin_id      varchar
--          title        varchar    as typed, when first listed
--          merchant_id  varchar    its shop
--          likeness     double     0.8..1: runs of three letters that both have
--          known_from   timestamp  UTC, both bore such titles
with final as (
    select
        t.twin_id,
        p.title,
        p.merchant_id,
        t.likeness,
        t.known_from
    from similarity.title_twins as t
    inner join staging.products as p on t.twin_id = p.product_id
    where
        t.product_id = $entity_id
        and t.known_from < cast($as_of as timestamp)
)

select * from final
order by likeness desc nulls last, twin_id asc nulls last
