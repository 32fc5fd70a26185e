-- Who is in some rings, by key.
--
-- grain:   ring_id, entity_key
-- params:  ring_ids    varchar[]
-- returns: ring_id     varchar
--          entity_key  varchar  type:id
select
    ring_id,
    entity_type || ':' || entity_id as entity_key
from rings.members
where
    role <> 'victim'
    and list_contains(cast($ring_ids as varchar[]), ring_id)
order by ring_id asc nulls last, entity_key asc nulls last
