-- What every two rings have in common, most things first.
--
-- grain:   ring_id, other_ring_id, relation
-- params:  limit  bigint
-- returns: ring_id        varchar  before the other by id
--          other_ring_id  varchar
--          relation       varchar  as in graph.node_links
--          thing_count    bigint   things that members of both have
--          total_count    bigint   of any relation
with pairs as (
    select
        a.ring_id,
        b.ring_id as other_ring_id,
        a.relation,
        count(*) as thing_count
    from rings.common_things as a
    inner join rings.common_things as b
        on
            a.relation = b.relation
            and a.thing = b.thing
            and a.ring_id < b.ring_id
    where a.relation <> 'market'
    group by a.ring_id, b.ring_id, a.relation
)

select
    ring_id,
    other_ring_id,
    relation,
    thing_count,
    cast(
        sum(thing_count) over (partition by ring_id, other_ring_id) as bigint
    ) as total_count
from pairs
order by
    total_count desc,
    ring_id asc,
    other_ring_id asc,
    thing_count desc,
    relation asc
limit $limit
