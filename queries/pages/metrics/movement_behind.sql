-- Rings and shops behind some movements, by their share of the change.
--
-- grain:   movement_id, entity_type, entity_id
-- params:  movement_ids  varchar[]
-- returns: movement_id   varchar
--          entity_type   varchar  ring or merchant
--          entity_id     varchar
--          ring_id       varchar  of a ring its own, of a shop the one it is in
--          typology      varchar
--          name          varchar  of a shop, as typed; null = a ring
--          market        varchar  null = several
--          share         double   of the movement's change
select
    b.movement_id,
    b.entity_type,
    b.entity_id,
    b.ring_id,
    b.typology,
    e.name,
    e.market,
    b.share
from noticing.behind as b
left join graph.entities as e
    on b.entity_type = e.entity_type and b.entity_id = e.entity_id
where list_contains(cast($movement_ids as varchar[]), b.movement_id)
order by
    b.movement_id asc nulls last,
    b.entity_type desc nulls last,
    b.share desc nulls last,
    b.entity_id asc nulls last
