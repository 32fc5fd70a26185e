-- One community: its size, its money and what is known about its members.
--
-- grain:   community_id
-- params:  community_id  varchar
-- returns: community_id          varchar
--          title                 varchar
--          member_count          bigint
--          merchant_count        bigint
--          creator_count         bigint
--          buyer_count           bigint
--          product_count         bigint
--          confirmed_bad_count   bigint
--          confirmed_good_count  bigint
--          score_mean            double
--          score_max             double
--          gmv_usd_30d           double
--          refund_usd_30d        double
--          voucher_usd_30d       double
--          density               double
--          top_relation          varchar
--          first_seen_at         timestamp
--          last_seen_at          timestamp
select
    community_id,
    title,
    cast(member_count as bigint) as member_count,
    cast(merchant_count as bigint) as merchant_count,
    cast(creator_count as bigint) as creator_count,
    cast(buyer_count as bigint) as buyer_count,
    cast(product_count as bigint) as product_count,
    cast(confirmed_bad_count as bigint) as confirmed_bad_count,
    cast(confirmed_good_count as bigint) as confirmed_good_count,
    cast(score_mean as double) as score_mean,
    cast(score_max as double) as score_max,
    cast(gmv_usd_30d as double) as gmv_usd_30d,
    cast(refund_usd_30d as double) as refund_usd_30d,
    cast(voucher_usd_30d as double) as voucher_usd_30d,
    cast(density as double) as density,
    top_relation,
    cast(first_seen_at as timestamp) as first_seen_at,
    cast(last_seen_at as timestamp) as last_seen_at
from communities.communities
where community_id = $community_id
