-- The rings that some subjects are part of.
--
-- grain:   entity_key
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key     varchar  type:id
--          entity_type    varchar
--          entity_id      varchar
--          role           varchar
--          ring_id        varchar
--          pack_title     varchar  null = no typology fits
--          member_count   bigint
--          account_count  bigint
--          shop_count     bigint
--          listing_count  bigint
--          creator_count  bigint
--          room_count     bigint
--          victim_count   bigint
--          alert_count    bigint
select
    k.entity_key,
    m.entity_type,
    m.entity_id,
    m.role,
    r.ring_id,
    r.pack_title,
    r.member_count,
    r.account_count,
    r.shop_count,
    r.listing_count,
    r.creator_count,
    r.room_count,
    r.victim_count,
    r.alert_count
from subjects_of($keys) as k
inner join rings.members as m
    on k.entity_type = m.entity_type and k.entity_id = m.entity_id
inner join rings.rings as r on m.ring_id = r.ring_id
order by k.entity_key asc nulls last
