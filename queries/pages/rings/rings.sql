-- One page of the rings, by what their alerts save, how sure they are, size or recency.
--
-- grain:   ring_id
-- params:  markets  varchar[]  list, empty = every
--          sort     varchar
--          limit    bigint
--          offset   bigint
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
--          probability     double     mean over members who have one
--          market          varchar
--          last_seen_at    timestamp
--          top_relation    varchar
--          alert_count     bigint
--          value_usd       double
--          total_count     bigint     rings in all, before limit
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
    r.last_seen_at,
    r.top_relation,
    r.alert_count,
    r.value_usd,
    count(*) over () as total_count
from rings.rings as r
left join titles as t on r.typology = t.typology
where is_chosen(cast($markets as varchar[]), r.market)
order by
    case $sort
        when 'probability' then r.probability
        when 'size' then r.member_count
        when 'recent' then epoch(r.last_seen_at)
        else r.value_usd
    end desc nulls last,
    r.place asc nulls last
limit $limit offset $offset
