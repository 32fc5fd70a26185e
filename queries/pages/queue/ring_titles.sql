-- What some rings are called by: their typology and how many of what they are.
--
-- grain:   ring_id
-- params:  ring_ids       varchar[]
-- returns: ring_id        varchar
--          pack_title     varchar  of the typology that fits best; null = none
--          victim_count   bigint
--          account_count  bigint
--          shop_count     bigint
--          creator_count  bigint
--          listing_count  bigint
--          room_count     bigint
--          market         varchar
--          top_relation   varchar
select
    ring_id,
    pack_title,
    victim_count,
    account_count,
    shop_count,
    creator_count,
    listing_count,
    room_count,
    market,
    top_relation
from rings.rings
where list_contains(cast($ring_ids as varchar[]), ring_id)
order by ring_id asc nulls last
