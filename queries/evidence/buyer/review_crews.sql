-- Pairs of listings that one buyer and a crew of others praised or damned together.
--
-- grain:   product_id, other_product_id, day
-- params:  entity_id         varchar  the buyer
--          as_of             date     what was known before this day
--          days              bigint   length of the window
-- returns: product_id        varchar
--          other_product_id  varchar  reviewed by the same buyers
--          title             varchar  of the first, as typed
--          other_title       varchar  of the other
--          day               date     UTC day the crew was seen
--          crew_size         bigint   its members in the 21 days up to then
with final as (
    select
        c.product_id,
        c.other_product_id,
        p.title,
        o.title as other_title,
        c.day,
        c.crew_size
    from facts.review_crews as c
    inner join staging.products as p on c.product_id = p.product_id
    inner join staging.products as o on c.other_product_id = o.product_id
    where
        c.buyer_id = $entity_id
        and within(c.day, $as_of, $days)
)

select * from final
order by
    crew_size desc nulls last,
    day desc nulls last,
    product_id asc nulls last,
    other_product_id asc nulls last
