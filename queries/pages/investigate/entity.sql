-- Who one entity is.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type    varchar
--          entity_id      varchar
--          name           varchar    as typed: hostile until escaped
--          market         varchar
--          category       varchar
--          peer_group     varchar    whom it is compared with
--          registered_at  timestamp
--          age_days       bigint     days from registration to as_of
--          as_of          date       what was known is before this day
select
    e.entity_type,
    e.entity_id,
    e.name,
    e.market,
    e.category,
    e.peer_group,
    cast(e.registered_at as timestamp) as registered_at,
    cast(b.as_of - cast(e.registered_at as date) as bigint) as age_days,
    b.as_of
from graph.entities as e
cross join meta.build as b
where e.entity_type = $entity_type and e.entity_id = $entity_id
