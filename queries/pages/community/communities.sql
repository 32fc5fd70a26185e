-- One page of the communities, by money, by score or by size.
--
-- grain:   community_id
-- params:  sort    varchar
--          limit   bigint
--          offset  bigint
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
--          density               double     ties / possible ties
--          top_relation          varchar
--          last_seen_at          timestamp
--          total_count           bigint     communities in all, before limit
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
    cast(last_seen_at as timestamp) as last_seen_at,
    count(*) over () as total_count
from communities.communities
order by
    case $sort
        when 'score' then score_mean
        when 'size' then member_count
        when 'money' then gmv_usd_30d
        else score_mean * gmv_usd_30d
    end desc nulls last,
    community_id asc nulls last
limit $limit offset $offset
