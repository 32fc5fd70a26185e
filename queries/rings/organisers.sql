-- On whom the others of a ring hang, where the evidence singles one member out.
--
-- Accounts hang on the shop they buy from and the creator they buy through, shops on the
-- creator who sends them the ring's orders, anybody on whoever shares a device, card,
-- address or bank account. An account is singled out in rings without sellers alone:
-- where money flows, whoever receives it comes first. Most rings have none: several shops
-- that hire one pool are customers of somebody who is not in the data.
--
-- grain:   cluster
-- params:  organiser_reach    double  part of the others that must hang on it
--          organiser_lead     double  times as many as on the next of its kind
--          organiser_members  bigint  members that must hang on it
-- returns: cluster       bigint   as in rings.roster
--          node          varchar  type:id
--          member_count  bigint   members who hang on it
--          reach         double   0..1: their part of all others who act
--          next_reach    double   the same of the next of its kind, 0 = there is none
--          paid_usd      double   USD that members paid it, or through it; 0 = no seller
with victims as (
    select s.node
    from rings.suspects as s
    inner join scores.packs as k
        on s.typology = k.typology and s.entity_type = k.entity_type
    where k.subject_is = 'victim'
),

acting as (
    select
        r.node,
        r.entity_type,
        r.entity_id,
        r.cluster,
        r.entity_type <> 'buyer' as is_seller,
        count(*) over (partition by r.cluster) as acting_count
    from rings.roster as r
    left join victims as v on r.node = v.node
    where
        v.node is null
        and r.entity_type in ('buyer', 'merchant', 'creator')
),

purchases as (
    select
        b.cluster,
        b.node as buyer,
        m.node as shop,
        c.node as creator,
        o.paid_usd
    from staging.orders as o
    inner join acting as b
        on o.buyer_id = b.entity_id and b.entity_type = 'buyer'
    left join acting as m
        on
            o.merchant_id = m.entity_id
            and m.entity_type = 'merchant'
            and b.cluster = m.cluster
    left join acting as c
        on
            o.creator_id = c.entity_id
            and c.entity_type = 'creator'
            and b.cluster = c.cluster
),

hangings as (
    select
        shop as node,
        buyer as member,
        paid_usd
    from purchases
    union all
    select
        creator as node,
        buyer as member,
        paid_usd
    from purchases
    union all
    select
        creator as node,
        shop as member,
        0.0 as paid_usd
    from purchases
    union all
    select
        src as node,
        dst as member,
        0.0 as paid_usd
    from rings.ties
    where
        relation in ('device', 'address', 'payment_token', 'bank_account')
        or relation = 'signed_in_device'
    union all
    select
        dst as node,
        src as member,
        0.0 as paid_usd
    from rings.ties
    where
        relation in ('device', 'address', 'payment_token', 'bank_account')
        or relation = 'signed_in_device'
),

reaches as (
    select
        a.cluster,
        a.node,
        a.is_seller,
        count(distinct h.member) as member_count,
        count(distinct h.member) / (any_value(a.acting_count) - 1.0) as reach,
        sum(h.paid_usd) as paid_usd
    from hangings as h
    inner join acting as a on h.node = a.node
    inner join acting as m on h.member = m.node and a.cluster = m.cluster
    group by a.cluster, a.node, a.is_seller
),

ranked as (
    select
        *,
        bool_or(is_seller) over (partition by cluster) as has_seller,
        coalesce(
            lead(reach) over (
                partition by cluster, is_seller
                order by reach desc nulls last, node asc nulls last
            ),
            0.0
        ) as next_reach,
        row_number() over (
            partition by cluster, is_seller
            order by reach desc nulls last, node asc nulls last
        ) as place
    from reaches
),

final as (
    select
        r.cluster,
        r.node,
        r.member_count,
        r.reach,
        r.next_reach,
        dollars(r.paid_usd) as paid_usd
    from ranked as r
    inner join rings.suspects as s on r.node = s.node
    where
        r.place = 1
        and r.is_seller = r.has_seller
        and r.member_count >= $organiser_members
        and r.reach >= $organiser_reach
        and r.reach >= $organiser_lead * r.next_reach
)

select * from final
