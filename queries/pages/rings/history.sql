-- What changed in a ring from build to build, newest first.
--
-- grain:   as_of, entity_type, entity_id
-- params:  ring_id  varchar
--          limit    bigint
-- returns: as_of          date
--          entity_type    varchar
--          entity_id      varchar
--          name           varchar  as typed: hostile until escaped
--          market         varchar
--          change         varchar  founded, joined, left, ended, merged, split or moved
--          other_ring_id  varchar  the ring it was in before; null = none
--          total_count    bigint   changes in all, before limit
select
    h.as_of,
    h.entity_type,
    h.entity_id,
    coalesce(e.name, '') as name,
    e.market,
    h.change,
    h.other_ring_id,
    count(*) over () as total_count
from rings.history as h
left join graph.entities as e
    on h.entity_type = e.entity_type and h.entity_id = e.entity_id
where h.ring_id = $ring_id
order by
    h.as_of desc nulls last,
    h.change asc nulls last,
    h.entity_type asc nulls last,
    h.entity_id asc nulls last
limit $limit
