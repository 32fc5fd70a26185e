-- The brand whose name the title of one listing nearly bears.
--
-- grain:   product_id
-- params:  entity_id   varchar  the listing
--          as_of       date     what was known before this day
-- returns: product_id  varchar
--          title       varchar    as typed
--          claimed     varchar    brand the listing claims, if any
--          word        varchar    first word of the title, lower case
--          brand       varchar    the brand it is nearly, lower case
with final as (
    select
        p.product_id,
        p.title,
        p.brand as claimed,
        n.word,
        n.brand
    from facts.near_brands as n
    inner join staging.products as p on n.product_id = p.product_id
    where
        n.product_id = $entity_id
        and n.known_from < cast($as_of as timestamp)
)

select * from final
