-- What arrived rows wait for: rows that they refer to and nobody has sent.
--
-- grain:   problem
-- params:  none
-- returns: problem  varchar  sentence with table, column and ids
select problem
from live.waiting
order by problem
