-- Gone listings that showed the picture of one listing.
--
-- grain:   twin_id, image_id
-- params:  entity_id    varchar  the listing
--          as_of        date     what was known before this day
-- returns: twin_id      varchar
--          title        varchar    as typed
--          merchant_id  varchar    its shop
--          image_id     varchar    masked perceptual hash
--          known_from   timestamp  UTC, both had shown it
--          gone_at      timestamp  UTC, taken down or its shop closed
with final as (
    select
        t.twin_id,
        p.title,
        p.merchant_id,
        t.image_id,
        t.known_from,
        t.gone_at
    from facts.image_twins as t
    inner join staging.products as p on t.twin_id = p.product_id
    where
        t.product_id = $entity_id
        and valid_at(t.known_from, t.known_until, $as_of)
        and t.gone_at < cast($as_of as timestamp)
)

select * from final
order by gone_at desc nulls last, twin_id asc nulls last
