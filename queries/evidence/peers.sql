-- What one feature of an entity is compared with: its value for every peer.
--
-- grain:   entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          as_of        date
--          feature      varchar
-- returns: entity_id   varchar
--          value       double   null = too little history
--          peer_group  varchar  the group that is compared, or everybody
with own as (
    select peer_group
    from explanations.contributions
    where
        entity_type = $entity_type
        and entity_id = $entity_id
        and as_of = $as_of
        and feature = $feature
)

select
    peer.entity_id,
    peer.value,
    own.peer_group
from explanations.contributions as peer
cross join own
where
    peer.entity_type = $entity_type
    and peer.as_of = $as_of
    and peer.feature = $feature
    and (
        peer.peer_group = own.peer_group
        or own.peer_group = concat('all ', $entity_type, 's')
    )
order by peer.entity_id asc nulls last
