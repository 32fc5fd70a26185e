-- Everybody of a ring but the accounts that join it later: who acts and what they sell.
--
-- Clusters of one owner are one; listings follow their shop and rooms their host when
-- suspect themselves.
--
-- grain:   node
-- params:  owned_suspicion  double  least suspicion of a listing or room that follows
-- returns: node       varchar  type:id
--          cluster    bigint   as in rings.chains
--          joined_by  varchar  tie, trade, relay or owner: what put it in
with fronts as (
    select
        r.node,
        r.cluster,
        'relay' as joined_by
    from rings.relays as r
    left join rings.sellers as s on r.node = s.node
    where s.node is null
),

sellers as (
    select
        node,
        cluster,
        'trade' as joined_by
    from rings.sellers
    union all
    select * from fronts
),

members as (
    select * from sellers
    union all
    select
        a.node,
        a.cluster,
        'tie' as joined_by
    from rings.actors as a
    left join sellers as s on a.node = s.node
    where s.node is null
),

chained as (
    select
        m.node,
        c.chain as cluster,
        m.joined_by
    from members as m
    inner join rings.chains as c on m.cluster = c.cluster
),

owners as (
    select
        'product:' || product_id as node,
        'merchant:' || merchant_id as owner
    from staging.products
    union all
    select
        'live_session:' || live_session_id as node,
        'creator:' || creator_id as owner
    from staging.live_sessions
),

owned as (
    select
        w.node,
        c.cluster,
        'owner' as joined_by
    from owners as w
    inner join chained as c on w.owner = c.node
    left join rings.suspects as s on w.node = s.node
    left join chained as o on w.node = o.node
    where s.suspicion >= $owned_suspicion or o.node is not null
),

final as (
    select * from owned
    union all
    select c.*
    from chained as c
    left join owned as w on c.node = w.node
    where w.node is null
)

select * from final
