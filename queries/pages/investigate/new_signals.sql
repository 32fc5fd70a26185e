-- Signals that fire for one subject today and never fired up to a day.
--
-- grain:   typology, code
-- params:  entity_type  varchar
--          entity_id    varchar
--          since        date
-- returns: typology     varchar  pack code
--          code         varchar  signal code inside the pack
--          first_as_of  date     first snapshot on which it fired
select
    typology,
    code,
    min(as_of) as first_as_of
from signals.firings
where entity_type = $entity_type and entity_id = $entity_id
group by typology, code
having
    min(as_of) > $since
    and max(as_of) = (select b.as_of from meta.build as b)
order by
    first_as_of asc nulls last,
    typology asc nulls last,
    code asc nulls last
