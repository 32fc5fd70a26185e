-- The rings, by what their alerts save, how sure they are, size or recency; or one.
--
-- grain:   ring_id
-- params:  ring_id   varchar    that ring alone, '' = all
--          typology  varchar    '' = every
--          markets   varchar[]  list, empty = every
--          sort      varchar
--          limit     bigint
--          offset    bigint
-- returns: ring_id          varchar
--          typology         varchar    pack code that fits best; null = none
--          pack_title       varchar    of the typology that fits best; null = none
--          typology_count   bigint
--          member_count     bigint
--          account_count    bigint
--          shop_count       bigint
--          listing_count    bigint
--          creator_count    bigint
--          room_count       bigint
--          victim_count     bigint
--          bad_count        bigint
--          good_count       bigint
--          probability      double     mean over members who have one
--          market           varchar
--          first_seen_at    timestamp  null = members met by trade alone
--          last_seen_at     timestamp
--          density          double
--          top_relation     varchar
--          tied_pairs       bigint     pairs of members that share something
--          chance_pairs     double     pairs that chance gives members like these
--          organiser_type   varchar    null = nobody stands out
--          organiser_id     varchar
--          organiser_reach  double     0..1: part of the others who hang on it
--          confidence       double     chance that most of it is guilty
--          alike_count      bigint     other rings like it that were decided
--          alike_right      bigint     of them those that were right
--          alert_count      bigint
--          value_usd        double
--          review_minutes   double
--          total_count      bigint     rings in all, before limit
select
    * exclude (place),
    count(*) over () as total_count
from rings.rings
where
    ($ring_id = '' or ring_id = $ring_id)
    and ($typology = '' or typology = $typology)
    and is_chosen(cast($markets as varchar[]), market)
order by
    case $sort
        when 'confidence' then confidence
        when 'size' then member_count
        when 'recent' then epoch(last_seen_at)
        else value_usd
    end desc nulls last,
    place asc nulls last
limit $limit offset $offset
