-- Everybody of a ring with the part played: who acts, what they sell, who else joins in.
--
-- Accounts of some suspicion that trade with several shops or creators of one ring
-- join it; listings follow their shop and rooms their host when suspect themselves.
--
-- grain:   node
-- params:  joining_sellers    bigint  sellers of one ring that a further account meets
--          joining_suspicion  double  least probability of such an account
--          owned_suspicion    double  least suspicion of a listing or room that follows
--          least_actors       bigint  members other than listings and rooms
--          even_suspicion     double  suspicion as likely bad as not
-- returns: node         varchar  type:id
--          entity_type  varchar
--          entity_id    varchar
--          cluster      bigint
--          joined_by    varchar  tie, trade, relay, further_account or owner: what put it in
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

core as (
    select
        m.node,
        c.chain as cluster,
        m.joined_by
    from members as m
    inner join rings.chains as c on m.cluster = c.cluster
),

trades as (
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

further_accounts as (
    select
        t.buyer as node,
        c.cluster,
        'further_account' as joined_by
    from trades as t
    inner join core as c on t.seller = c.node
    inner join alerts.probabilities as p
        on t.buyer = p.entity_type || ':' || p.entity_id
    left join core as o on t.buyer = o.node
    where o.node is null and p.probability >= $joining_suspicion
    group by t.buyer, c.cluster
    having count(*) >= $joining_sellers
    qualify
        row_number() over (
            partition by t.buyer
            order by count(*) desc nulls last, c.cluster asc nulls last
        ) = 1
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
    inner join core as c on w.owner = c.node
    left join rings.suspects as s on w.node = s.node
    left join core as o on w.node = o.node
    where s.suspicion >= $owned_suspicion or o.node is not null
),

everybody as (
    select * from owned
    union all
    select c.*
    from core as c
    left join owned as w on c.node = w.node
    where w.node is null
    union all
    select * from further_accounts
),

typed as (
    select
        node,
        split_part(node, ':', 1) as entity_type,
        substr(node, strpos(node, ':') + 1) as entity_id,
        cluster,
        joined_by
    from everybody
),

likely_counts as (
    select
        t.cluster,
        sum(flag(s.suspicion >= $even_suspicion)) as likely_count
    from typed as t
    left join rings.suspects as s on t.node = s.node
    group by t.cluster
),

tied_pairs as (
    select distinct
        src,
        dst
    from rings.ties
),

-- Of three accounts one who shares a thing with each of the others is a flatmate of one.
rows_of_three as (
    select a.cluster
    from typed as a
    left join typed as b on a.cluster = b.cluster and a.node < b.node
    left join tied_pairs as t on a.node = t.src and b.node = t.dst
    group by a.cluster
    having
        count(distinct a.node) = 3
        and bool_and(a.entity_type = 'buyer')
        and count(t.src) < 3
),

-- All ties by one thing, and at most one member as likely bad as not: a warehouse.
one_thing as (
    select a.cluster
    from typed as a
    inner join typed as b on a.cluster = b.cluster
    inner join rings.ties as t on a.node = t.src and b.node = t.dst
    inner join likely_counts as n on a.cluster = n.cluster
    group by a.cluster, n.likely_count
    having
        count(distinct t.relation || t.thing_id) = 1
        and n.likely_count < 2
),

final as (
    select *
    from typed
    where
        cluster not in (select r.cluster from rows_of_three as r)
        and cluster not in (select w.cluster from one_thing as w)
    qualify
        sum(
            case
                when entity_type in ('product', 'live_session') then 0 else 1
            end
        ) over (partition by cluster)
        >= $least_actors
)

select * from final
