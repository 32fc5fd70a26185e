-- With whom an entity is compared: every member of its peer group.
--
-- grain:   entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
--          as_of        date
-- returns: entity_id   varchar
--          peer_group  varchar  the group that is compared
with own_group as (
    select peer_group
    from explanations.peer_groups
    where
        entity_type = $entity_type
        and entity_id = $entity_id
        and as_of = $as_of
),

age_bands as (
    select
        e.entity_id,
        e.category,
        b.age_band
    from graph.entities as e
    left join facts.age_bands as b
        on
            date_diff('day', e.registered_at, cast($as_of as timestamp))
            >= b.from_days
            and date_diff('day', e.registered_at, cast($as_of as timestamp))
            < b.until_days
    where e.entity_type = $entity_type
),

-- A wider group also holds those who have a group of their own.
wide_peers as (
    select
        peer.entity_id,
        own_group.peer_group
    from age_bands as peer
    inner join age_bands as subject on subject.entity_id = $entity_id
    cross join own_group
    where
        own_group.peer_group
        = concat('all ', replace($entity_type, '_', ' '), 's')
        or (
            peer.age_band = subject.age_band
            and starts_with(
                own_group.peer_group,
                concat('all ', replace($entity_type, '_', ' '), 's, ')
            )
        )
        or (
            peer.age_band = subject.age_band
            and peer.category = subject.category
            and starts_with(own_group.peer_group, 'all markets / ')
        )
)

select
    peer.entity_id,
    own_group.peer_group
from explanations.peer_groups as peer
cross join own_group
left join wide_peers as w on peer.entity_id = w.entity_id
where
    peer.entity_type = $entity_type
    and peer.as_of = $as_of
    and (peer.peer_group = own_group.peer_group or w.entity_id is not null)
order by peer.entity_id asc nulls last
