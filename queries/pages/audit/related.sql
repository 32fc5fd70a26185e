-- Who shares a thing with the subjects that belong to people who use this tool.
--
-- grain:   own_key, subject
-- params:  keys         varchar[]  their subjects, as type:id
--          most_users   bigint     of a thing: what more of them use says little
-- returns: own_key      varchar
--          subject      varchar    as type:id, without the own ones
--          relations    varchar[]  what they share
with own as (
    select unnest(cast($keys as varchar[])) as own_key
),

own_things as (
    select
        o.own_key,
        l.relation,
        l.identifier_id
    from own as o
    inner join graph.links as l
        on
            split_part(o.own_key, ':', 1) = l.entity_type
            and split_part(o.own_key, ':', 2) = l.entity_id
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    where i.degree <= $most_users
)

select
    t.own_key,
    l.entity_type || ':' || l.entity_id as subject,
    list(distinct t.relation order by t.relation) as relations
from own_things as t
inner join graph.links as l
    on t.relation = l.relation and t.identifier_id = l.identifier_id
where l.entity_type || ':' || l.entity_id <> t.own_key
group by t.own_key, l.entity_type, l.entity_id
order by t.own_key asc, subject asc
