-- A number for every shop, creator, listing and buyer: what tables of days join on.
--
-- Numbers follow type and id, so that rows sorted by number lie as if sorted by both,
-- and a number alone says whose it is.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type  varchar  merchant, creator, product, buyer
--          entity_id    varchar
--          entity_key   bigint   1 to as many as there are
with final as (
    select
        entity_type,
        entity_id,
        row_number() over (
            order by entity_type asc nulls last, entity_id asc nulls last
        ) as entity_key
    from graph.entities
    where entity_type in ('merchant', 'creator', 'product', 'buyer')
)

select * from final
