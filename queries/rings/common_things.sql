-- What members of several rings have in common, and how rare that is among rings.
--
-- Members are of one ring only, so rings are alike by what their members use and whom
-- they deal with; a shop of one ring is what accounts of another bought from.
--
-- grain:   ring_id, relation, thing
-- params:  none
-- returns: ring_id       varchar
--          relation      varchar  as in graph.node_links, or market
--          thing         varchar  node, type:id, or the market
--          member_share  double   0..1, part of its members that have it
--          ring_count    bigint   rings that have it, 2 or more
with people as (
    select
        ring_id,
        entity_type || ':' || entity_id as node,
        count(*) over (partition by ring_id) as member_count
    from rings.members
),

sightings as (
    select
        p.ring_id,
        p.member_count,
        p.node,
        l.relation,
        l.dst as thing
    from people as p
    inner join graph.node_links as l on p.node = l.src
    where l.relation not in ('lists', 'hosts')
    union
    -- A member is what others deal with.
    select
        p.ring_id,
        p.member_count,
        p.node,
        l.relation,
        p.node as thing
    from people as p
    inner join graph.node_links as l on p.node = l.dst
    where l.relation in ('bought_from', 'bought_via', 'bought')
    union
    select
        p.ring_id,
        p.member_count,
        p.node,
        'market' as relation,
        e.market as thing
    from people as p
    inner join graph.entities as e
        on p.node = e.entity_type || ':' || e.entity_id
    where e.market is not null
),

counted as (
    select
        ring_id,
        relation,
        thing,
        count(*) / max(member_count) as member_share
    from sightings
    group by ring_id, relation, thing
),

final as (
    select
        ring_id,
        relation,
        thing,
        cast(member_share as double) as member_share,
        count(*) over (partition by relation, thing) as ring_count
    from counted
    qualify count(*) over (partition by relation, thing) > 1
)

select * from final
