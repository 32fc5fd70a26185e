-- Which signals of the packs fire for one entity on a day.
--
-- grain:   typology, code
-- params:  entity_type  varchar
--          entity_id    varchar
--          as_of        date     what was known before this day
-- returns: typology  varchar  pack code
--          code      varchar  signal code inside the pack
select
    typology,
    code
from signals.firings
where
    entity_type = $entity_type
    and entity_id = $entity_id
    and as_of = $as_of
order by typology asc nulls last, code asc nulls last
