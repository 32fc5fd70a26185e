-- How densely each ring is tied, and how densely chance would tie members like these.
--
-- Chance is the configuration model (Newman 2010, chapter 12): every suspect keeps the
-- number of its partners, who they are is drawn. So a hub among the members counts for
-- what any hub would give, and a ring is more than its hubs where pairs exceed it.
--
-- grain:   ring_id
-- params:  none
-- returns: ring_id        varchar
--          tied_count     bigint     members that share something with another
--          tied_pairs     bigint     pairs of members that share something
--          chance_pairs   double     pairs expected of as many suspects with as many partners
--          density        double     tied pairs over possible pairs of tied members
--          top_relation   varchar    what ties most pairs
--          first_seen_at  timestamp  first tie between members
--          last_seen_at   timestamp  last tie between members
with pairs as (
    select distinct
        src,
        dst
    from rings.ties
),

degrees as (
    select
        node,
        cast(count(*) as double) as partners
    from (
        select unnest([src, dst]) as node
        from pairs
    ) as ends
    group by node
),

members as (
    select
        ring_id,
        entity_type || ':' || entity_id as node
    from rings.members
),

expected as (
    select
        m.ring_id,
        (sum(d.partners) * sum(d.partners) - sum(d.partners * d.partners))
        / (4.0 * (select count(*) from pairs)) as chance_pairs
    from members as m
    inner join degrees as d on m.node = d.node
    group by m.ring_id
),

inside as (
    select
        a.ring_id,
        t.src,
        t.dst,
        t.relation,
        t.first_seen_at,
        t.last_seen_at
    from rings.ties as t
    inner join members as a on t.src = a.node
    inner join members as b on t.dst = b.node and a.ring_id = b.ring_id
),

relations as (
    select
        ring_id,
        max_by(relation, (pairs, relation)) as top_relation
    from (
        select
            ring_id,
            relation,
            count(distinct src || ' ' || dst) as pairs
        from inside
        group by ring_id, relation
    ) as counted
    group by ring_id
),

ends as (
    select
        ring_id,
        count(distinct node) as tied_count
    from (
        select
            ring_id,
            unnest([src, dst]) as node
        from inside
    ) as both_ends
    group by ring_id
),

totals as (
    select
        ring_id,
        count(distinct src || ' ' || dst) as tied_pairs,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from inside
    group by ring_id
),

final as (
    select
        t.ring_id,
        e.tied_count,
        t.tied_pairs,
        x.chance_pairs,
        2.0 * t.tied_pairs / (e.tied_count * (e.tied_count - 1.0)) as density,
        r.top_relation,
        t.first_seen_at,
        t.last_seen_at
    from totals as t
    inner join ends as e on t.ring_id = e.ring_id
    inner join expected as x on t.ring_id = x.ring_id
    inner join relations as r on t.ring_id = r.ring_id
)

select * from final
