-- The first and the last snapshot that the models of a build learnt from, together.
--
-- grain:   one row
-- params:  none
-- returns: since  date  null = no model learnt
--          until  date
select
    min(since) as since,
    max(until) as until
from scores.training_days
