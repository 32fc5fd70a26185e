-- The community one entity belongs to, if any.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type   varchar
--          entity_id     varchar
--          community_id  varchar
--          title         varchar
--          member_count  bigint
select
    m.entity_type,
    m.entity_id,
    c.community_id,
    c.title,
    cast(c.member_count as bigint) as member_count
from communities.members as m
inner join communities.communities as c on m.community_id = c.community_id
where m.entity_type = $entity_type and m.entity_id = $entity_id
