-- What the latest movements are put down to, causes before culprits.
--
-- grain:   movement_id, cause, event_id, title
-- params:  movements  varchar[]  of noticing.movements; empty = every
-- returns: movement_id  varchar
--          cause        varchar  policy, release, carrier, campaign, ..., ring, unexplained
--          event_id     varchar  of the calendar; null = none
--          title        varchar  as typed: hostile until escaped
--          share        double   of the change; all of a movement add up to 1
select
    movement_id,
    cause,
    event_id,
    title,
    share
from noticing.causes
where is_chosen(cast($movements as varchar[]), movement_id)
order by
    movement_id asc nulls last, share desc nulls last, cause asc nulls last
