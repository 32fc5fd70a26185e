-- How many accounts share each identifier, and how much that is worth.
--
-- grain:   relation, identifier_id
-- params:  none
-- returns: relation       varchar
--          identifier_id  varchar
--          degree         bigint     accounts that used it
--          weight         double     rarity, 1 / ln(1 + degree)
--          is_hub         boolean    too common to mean anything
with degrees as (
    select
        relation,
        identifier_id,
        count(*) as degree
    from graph.links
    group by relation, identifier_id
),

-- A crowd behind one network address is a carrier or an office; a crowd on one
-- device or address is rarer, so it may be larger before it stops being proof.
final as (
    select
        relation,
        identifier_id,
        degree,
        1.0 / ln(1.0 + degree) as weight,
        degree > hub_size(relation) as is_hub
    from degrees
)

select * from final
