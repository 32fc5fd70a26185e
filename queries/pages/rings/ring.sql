-- One ring in full: its counts, standing, times, and the money its alerts save.
--
-- grain:   ring_id
-- params:  ring_id  varchar
-- returns: ring_id         varchar
--          pack_title      varchar    of the typology that fits best; null = none
--          typology_count  bigint
--          member_count    bigint
--          account_count   bigint
--          shop_count      bigint
--          listing_count   bigint
--          creator_count   bigint
--          room_count      bigint
--          victim_count    bigint
--          bad_count       bigint
--          good_count      bigint
--          probability     double
--          market          varchar
--          first_seen_at   timestamp  null = members met by trade alone
--          last_seen_at    timestamp
--          density         double
--          top_relation    varchar
--          alert_count     bigint
--          value_usd       double
--          review_minutes  double
--          place           bigint
--          ring_total      bigint     rings in all
with titles as (
    select
        typology,
        min(title) as pack_title
    from scores.packs
    group by typology
)

select
    r.ring_id,
    t.pack_title,
    r.typology_count,
    r.member_count,
    r.account_count,
    r.shop_count,
    r.listing_count,
    r.creator_count,
    r.room_count,
    r.victim_count,
    r.bad_count,
    r.good_count,
    r.probability,
    r.market,
    r.first_seen_at,
    r.last_seen_at,
    r.density,
    r.top_relation,
    r.alert_count,
    r.value_usd,
    r.review_minutes,
    r.place,
    (select count(*) from rings.rings) as ring_total
from rings.rings as r
left join titles as t on r.typology = t.typology
where r.ring_id = $ring_id
