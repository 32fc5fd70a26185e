-- Where rings stand on the map of all of them; the first ones by money are on it.
--
-- grain:   ring_id
-- params:  none
-- returns: ring_id  varchar
--          x        double  from the middle, 1 = mean distance of all
--          y        double
select
    ring_id,
    x,
    y
from rings.places
order by ring_id asc nulls last
