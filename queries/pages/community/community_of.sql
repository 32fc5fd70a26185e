-- The communities that some subjects are members of.
--
-- grain:   entity_key, community_id
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key    varchar  type:id
--          community_id  varchar
select
    k.entity_key,
    m.community_id
from subjects_of($keys) as k
inner join communities.members as m
    on k.entity_type = m.entity_type and k.entity_id = m.entity_id
order by k.entity_key asc nulls last, m.community_id asc nulls last
