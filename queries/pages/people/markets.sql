-- Markets that a person of the demo can be narrowed to.
--
-- grain:   market
-- params:  none
-- returns: market  varchar
select distinct market
from graph.entities
where market is not null
order by market asc
