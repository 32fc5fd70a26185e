-- Rings and shops behind the latest movements, the largest part of the change first.
--
-- grain:   movement_id, entity_type, entity_id
-- params:  movements  varchar[]  of noticing.movements; empty = every
-- returns: movement_id  varchar
--          entity_type  varchar  ring, merchant
--          entity_id    varchar
--          ring_id      varchar  it is a member of; null = none
--          typology     varchar  of the ring, or of the member in it
--          change       double   in the metric's unit
--          share        double   of the slice's change
select
    movement_id,
    entity_type,
    entity_id,
    ring_id,
    typology,
    change,
    share
from noticing.behind
where is_chosen(cast($movements as varchar[]), movement_id)
order by
    movement_id asc nulls last,
    entity_type asc nulls last,
    share desc nulls last,
    entity_id asc nulls last
