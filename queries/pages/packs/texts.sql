-- The typology packs that this database was built with.
--
-- grain:   typology
-- params:  none
-- returns: typology  varchar
--          body      varchar  the pack as JSON
select
    typology,
    body
from scores.pack_texts
order by typology asc nulls last
