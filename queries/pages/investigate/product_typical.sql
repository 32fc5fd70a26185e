-- What is usual among the products of one peer group at one snapshot.
--
-- grain:   feature
-- params:  peer_group  varchar
--          as_of       date
-- returns: feature  varchar
--          median   double   of those that have a value
with medians as (
    select median(columns(* exclude (product_id, as_of)))
    from features.product
    where
        as_of = cast($as_of as date)
        and product_id in (
            select entity_id
            from graph.entities
            where entity_type = 'product' and peer_group = $peer_group
        )
)

select
    f.key as feature,
    try_cast(f.atom as double) as median
from medians
cross join lateral json_each(to_json(medians)) as f
order by f.key asc nulls last
