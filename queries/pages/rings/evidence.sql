-- What the members of a ring have in common, what most of them share first.
--
-- grain:   relation, thing_id
-- params:  ring_id  varchar
--          limit    bigint
-- returns: relation       varchar
--          thing_id       varchar    identifier, place or pair
--          name           varchar    of a shop, listing or creator; null = nameless
--          member_count   bigint     members who share it
--          weight         double     what it ties in all
--          first_seen_at  timestamp
--          last_seen_at   timestamp
--          total_count    bigint     things in all, before limit
with inside as (
    select
        t.relation,
        t.thing_id,
        t.src,
        t.dst,
        t.weight,
        t.first_seen_at,
        t.last_seen_at
    from rings.ties as t
    inner join rings.members as a
        on t.src = a.entity_type || ':' || a.entity_id
    inner join rings.members as b
        on t.dst = b.entity_type || ':' || b.entity_id
    where a.ring_id = $ring_id and b.ring_id = $ring_id
),

ends as (
    select
        relation,
        thing_id,
        unnest([src, dst]) as node
    from inside
),

counts as (
    select
        relation,
        thing_id,
        count(distinct node) as member_count
    from ends
    group by relation, thing_id
),

strengths as (
    select
        relation,
        thing_id,
        sum(weight) as weight,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from inside
    group by relation, thing_id
)

select
    s.relation,
    s.thing_id,
    e.name,
    c.member_count,
    s.weight,
    s.first_seen_at,
    s.last_seen_at,
    count(*) over () as total_count
from strengths as s
inner join counts as c
    on s.relation = c.relation and s.thing_id = c.thing_id
left join graph.entities as e
    on
        s.thing_id = e.entity_id
        and e.entity_type = case s.relation
            when 'same_shop' then 'merchant'
            when 'same_listing' then 'product'
            when 'same_creator' then 'creator'
        end
order by
    c.member_count desc nulls last,
    s.weight desc nulls last,
    s.relation asc nulls last,
    s.thing_id asc nulls last
limit $limit
