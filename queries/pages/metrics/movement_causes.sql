-- What explains some movements, as the build saw it.
--
-- grain:   movement_id, cause, event_id, title
-- params:  movement_ids  varchar[]
-- returns: movement_id   varchar
--          cause         varchar
--          event_id      varchar  null = no event
--          title         varchar  as typed: hostile until escaped
--          share         double   of the movement's change
select
    movement_id,
    cause,
    event_id,
    title,
    share
from noticing.causes
where list_contains(cast($movement_ids as varchar[]), movement_id)
order by
    movement_id asc nulls last,
    share desc nulls last,
    cause asc nulls last,
    event_id asc nulls last
