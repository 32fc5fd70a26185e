-- Who some entities are.
--
-- grain:   entity_key
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key     varchar    type:id
--          entity_type    varchar
--          entity_id      varchar
--          name           varchar    as typed: hostile until escaped
--          market         varchar
--          category       varchar
--          peer_group     varchar    whom it is compared with
--          registered_at  timestamp
--          age_days       bigint     days from registration to as_of
--          as_of          date       what was known is before this day
select
    k.entity_key,
    e.entity_type,
    e.entity_id,
    e.name,
    e.market,
    e.category,
    e.peer_group,
    cast(e.registered_at as timestamp) as registered_at,
    cast(b.as_of - cast(e.registered_at as date) as bigint) as age_days,
    b.as_of
from subjects_of($keys) as k
inner join graph.entities as e
    on k.entity_type = e.entity_type and k.entity_id = e.entity_id
cross join meta.build as b
