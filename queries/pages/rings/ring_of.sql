-- The ring that one subject is part of, if any.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type    varchar
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
from rings.members as m
inner join rings.rings as r on m.ring_id = r.ring_id
where m.entity_type = $entity_type and m.entity_id = $entity_id
