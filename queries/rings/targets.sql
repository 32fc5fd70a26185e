-- Shops, listings, creators and rooms where suspect accounts of one typology meet.
--
-- They count as far as chance does not explain them: `surprise` is the exponent of the
-- Chernoff bound of a binomial draw (Chernoff 1952), so a shop everybody buys from
-- ties nobody.
--
-- grain:   relation, thing_id, node
-- params:  none
-- returns: relation        varchar    same_shop, same_listing, same_creator, same_room
--          thing_id        varchar
--          node            varchar    type:id of a suspect account
--          typology        varchar    of the suspects counted with it, '' = none
--          first_seen_at   timestamp
--          last_seen_at    timestamp
--          evidence_count  bigint     orders or comments
--          suspect_count   bigint     suspects of the typology there, 2 or more
--          visitor_count   bigint     accounts there
--          surprise        double     -log10 of the chance of as many suspects
with visits as (
    select
        'same_shop' as relation,
        merchant_id as thing_id,
        buyer_id,
        counted_at as visited_at
    from staging.orders
    union all
    select
        'same_listing' as relation,
        product_id as thing_id,
        buyer_id,
        counted_at as visited_at
    from staging.orders
    union all
    select
        'same_creator' as relation,
        creator_id as thing_id,
        buyer_id,
        counted_at as visited_at
    from staging.orders
    where creator_id is not null
    union all
    select
        'same_room' as relation,
        live_session_id as thing_id,
        buyer_id,
        commented_at as visited_at
    from staging.live_comments
),

visitors as (
    select
        relation,
        thing_id,
        buyer_id,
        min(visited_at) as first_seen_at,
        max(visited_at) as last_seen_at,
        count(*) as evidence_count
    from visits
    where thing_id is not null and buyer_id is not null
    group by relation, thing_id, buyer_id
),

crowds as (
    select
        relation,
        thing_id,
        count(*) as visitor_count
    from visitors
    group by relation, thing_id
),

accounts as (
    select
        s.entity_id as buyer_id,
        s.node,
        coalesce(s.typology, '') as typology,
        count(*) over (partition by s.typology)
        / (select cast(count(distinct buyer_id) as double) from staging.orders)
            as base_rate
    from rings.suspects as s
    where s.entity_type = 'buyer'
),

met as (
    select
        v.relation,
        v.thing_id,
        a.node,
        a.typology,
        v.first_seen_at,
        v.last_seen_at,
        v.evidence_count,
        c.visitor_count,
        least(a.base_rate, 0.5) as base_rate,
        count(*) over (partition by v.relation, v.thing_id, a.typology)
            as suspect_count
    from visitors as v
    inner join accounts as a on v.buyer_id = a.buyer_id
    inner join crowds as c
        on v.relation = c.relation and v.thing_id = c.thing_id
),

final as (
    select
        relation,
        thing_id,
        node,
        typology,
        first_seen_at,
        last_seen_at,
        evidence_count,
        suspect_count,
        visitor_count,
        surprise(suspect_count, visitor_count, base_rate) as surprise
    from met
    where suspect_count > 1
)

select * from final
