-- Accounts that join a ring by what they bought, whoever suspects them.
--
-- Either: some suspicion, and trade with several shops or creators of one ring. Or no
-- suspicion at all, and listings of several of its shops, each in the days in which its
-- accounts came to that listing: workers with a life of their own are known by nothing else.
--
-- grain:   node
-- params:  joining_sellers    bigint  sellers of one ring that a further account meets
--          joining_suspicion  double  least probability of such an account
--          crowd_days         double  days in which an unsuspected one met them
--          campaign_days      double  days before and after the ring's own that count
-- returns: node     varchar  type:id of a buyer
--          cluster  bigint   as in rings.core
with trades as (
    select distinct
        'buyer:' || buyer_id as buyer,
        'merchant:' || merchant_id as seller
    from staging.orders
    union all
    select distinct
        'buyer:' || buyer_id as buyer,
        'creator:' || creator_id as seller
    from staging.orders
    where creator_id is not null
),

suspect_visits as (
    select
        t.buyer as node,
        c.cluster,
        count(*) as sellers
    from trades as t
    inner join rings.core as c on t.seller = c.node
    inner join alerts.probabilities as p
        on t.buyer = p.entity_type || ':' || p.entity_id
    where p.probability >= $joining_suspicion
    group by t.buyer, c.cluster
),

visits as (
    select
        c.cluster,
        'buyer:' || o.buyer_id as node,
        o.merchant_id,
        o.product_id,
        min(o.counted_at) as first_seen_at,
        max(o.counted_at) as last_seen_at
    from staging.orders as o
    inner join rings.core as c on 'product:' || o.product_id = c.node
    inner join rings.core as s
        on 'merchant:' || o.merchant_id = s.node and c.cluster = s.cluster
    where o.buyer_id is not null
    group by c.cluster, o.buyer_id, o.merchant_id, o.product_id
),

campaigns as (
    select
        v.cluster,
        v.product_id,
        min(v.first_seen_at) as began_at,
        max(v.last_seen_at) as ended_at
    from visits as v
    inner join rings.core as c on v.node = c.node and v.cluster = c.cluster
    group by v.cluster, v.product_id
),

campaign_visits as (
    select
        v.node,
        v.cluster,
        count(distinct v.merchant_id) as sellers
    from visits as v
    inner join campaigns as c
        on v.cluster = c.cluster and v.product_id = c.product_id
    where
        date_diff('hour', c.ended_at, v.first_seen_at)
        <= 24.0 * $campaign_days
        and date_diff('hour', v.last_seen_at, c.began_at)
        <= 24.0 * $campaign_days
    group by v.node, v.cluster
    having
        date_diff('hour', min(v.first_seen_at), max(v.last_seen_at))
        <= 24.0 * $crowd_days
),

met as (
    select * from suspect_visits
    union all
    select * from campaign_visits
),

final as (
    select
        m.node,
        m.cluster
    from met as m
    left join rings.core as o on m.node = o.node
    where o.node is null and m.sellers >= $joining_sellers
    group by m.node, m.cluster
    qualify
        row_number() over (
            partition by m.node
            order by max(m.sellers) desc nulls last, m.cluster asc nulls last
        ) = 1
)

select * from final
