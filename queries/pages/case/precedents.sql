-- Rings of the same kind on which somebody has decided, most members decided first.
--
-- grain:   ring_id
-- params:  ring_id  varchar
--          markets  varchar[]  list, empty = every
--          limit    bigint
-- returns: ring_id         varchar
--          pack_title      varchar
--          member_count    bigint
--          account_count   bigint
--          shop_count      bigint
--          listing_count   bigint
--          creator_count   bigint
--          room_count      bigint
--          victim_count    bigint
--          bad_count       bigint  members called bad
--          good_count      bigint  members called good
--          last_seen_at    timestamp
select
    o.ring_id,
    o.pack_title,
    o.member_count,
    o.account_count,
    o.shop_count,
    o.listing_count,
    o.creator_count,
    o.room_count,
    o.victim_count,
    o.bad_count,
    o.good_count,
    o.last_seen_at
from rings.rings as r
inner join rings.rings as o on r.typology = o.typology
where
    r.ring_id = $ring_id
    and o.ring_id <> r.ring_id
    and o.bad_count + o.good_count > 0
    and is_chosen(cast($markets as varchar[]), o.market)
order by
    o.bad_count + o.good_count desc,
    o.ring_id asc
limit $limit
