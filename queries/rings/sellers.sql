-- Shops, listings, creators and rooms that the accounts of a ring are busy with.
--
-- One joins the ring that is behind most of its accounts, when that is far more than
-- chance gives and either: a large part of its accounts, and it is suspect itself; or
-- most of the ring; or likely bad itself and met by a part of the ring.
--
-- grain:   node
-- params:  seller_accounts    bigint  members that must have been there
--          seller_surprise    double  least surprise
--          seller_share       double  part of its accounts that are members ...
--          seller_suspicion   double  ... with this least probability of its own
--          ring_share         double  part of the ring's accounts that were there ...
--          ring_seller_share  double  ... with this part of its own accounts
--          likely_bad         double  probability of its own from which ...
--          likely_ring_share  double  ... this part of the ring is enough
-- returns: node            varchar  type:id
--          cluster         bigint   as in rings.actors
--          member_count    bigint   accounts of the ring that were there
--          visitor_count   bigint   all accounts that were there
with visits as (
    select distinct
        'merchant:' || merchant_id as node,
        'merchant' as entity_type,
        buyer_id
    from staging.orders
    union all
    select distinct
        'product:' || product_id as node,
        'product' as entity_type,
        buyer_id
    from staging.orders
    union all
    select distinct
        'creator:' || creator_id as node,
        'creator' as entity_type,
        buyer_id
    from staging.orders
    where creator_id is not null
    union all
    select distinct
        'live_session:' || live_session_id as node,
        'live_session' as entity_type,
        buyer_id
    from staging.live_comments
),

crowds as (
    select
        node,
        count(*) as visitor_count
    from visits
    group by node
),

types as (
    select
        entity_type,
        cast(count(*) as double) as visits
    from visits
    group by entity_type
),

accounts as (
    select
        cluster,
        substr(node, 7) as buyer_id,
        count(*) over (partition by cluster) as account_count
    from rings.actors
    where node like 'buyer:%'
),

met as (
    select
        v.node,
        v.entity_type,
        a.cluster,
        any_value(a.account_count) as account_count,
        count(*) as member_count
    from visits as v
    inner join accounts as a on v.buyer_id = a.buyer_id
    group by v.node, v.entity_type, a.cluster
),

busy as (
    select
        entity_type,
        cluster,
        sum(member_count) as visits
    from met
    group by entity_type, cluster
),

measured as (
    select
        m.node,
        m.cluster,
        m.member_count,
        c.visitor_count,
        m.member_count / c.visitor_count as own_share,
        m.member_count / m.account_count as ring_share,
        coalesce(p.probability, 0.0) as probability,
        surprise(m.member_count, c.visitor_count, b.visits / t.visits)
            as surprise
    from met as m
    inner join crowds as c on m.node = c.node
    inner join types as t on m.entity_type = t.entity_type
    inner join busy as b
        on m.entity_type = b.entity_type and m.cluster = b.cluster
    left join alerts.probabilities as p
        on m.node = p.entity_type || ':' || p.entity_id
    where m.member_count >= $seller_accounts
),

victims as (
    select v.entity_type || ':' || v.entity_id as node
    from alerts.probabilities as v
    inner join scores.packs as k
        on v.typology = k.typology and v.entity_type = k.entity_type
    where k.subject_is = 'victim'
),

final as (
    select
        m.node,
        m.cluster,
        m.member_count,
        m.visitor_count
    from measured as m
    left join victims as v on m.node = v.node
    where
        m.surprise >= $seller_surprise
        and (
            (
                m.own_share >= $seller_share
                and m.probability >= $seller_suspicion
            )
            or (
                m.ring_share >= $ring_share
                and m.own_share >= $ring_seller_share
            )
            or (
                v.node is null
                and m.probability >= $likely_bad
                and m.ring_share >= $likely_ring_share
            )
        )
    qualify
        row_number() over (
            partition by m.node
            order by m.member_count desc nulls last, m.cluster asc nulls last
        ) = 1
)

select * from final
