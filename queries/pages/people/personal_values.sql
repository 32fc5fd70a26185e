-- What the build holds about some subjects as people: their names, and the things they use.
--
-- grain:   class, value
-- params:  keys   varchar[]  list of type:id
-- returns: class  varchar    name, or the relation of a thing
--          value  varchar    masked
with subjects as (
    select distinct
        split_part(k.node_key, ':', 1) as entity_type,
        substr(k.node_key, strpos(k.node_key, ':') + 1) as entity_id
    from (select unnest(cast($keys as varchar[])) as node_key) as k
),

own_names as (
    select
        'name' as class,
        e.name as value
    from subjects as s
    inner join graph.entities as e
        on s.entity_type = e.entity_type and s.entity_id = e.entity_id
    where e.entity_type = 'buyer' and e.name is not null
),

own_things as (
    select
        l.relation as class,
        l.identifier_id as value
    from subjects as s
    inner join graph.links as l
        on s.entity_type = l.entity_type and s.entity_id = l.entity_id
),

final as (
    select
        class,
        value
    from own_names
    union distinct
    select
        class,
        value
    from own_things
)

select *
from final
order by class asc nulls last, value asc nulls last
