-- What random checks said of one model's first places, and of everybody below.
--
-- grain:   is_in_first
-- params:  entity_type  varchar
-- returns: is_in_first  boolean
--          checks       bigint   drawn at random and judged
--          finds        bigint   called bad of these
--          rate         double   share that is bad, corrected for wrong verdicts
--          low          double   90 % interval
--          high         double
select
    is_in_first,
    cast(checks as bigint) as checks,
    cast(finds as bigint) as finds,
    cast(rate as double) as rate,
    cast(low as double) as low,
    cast(high as double) as high
from scores.lot_checks
where entity_type = $entity_type
order by is_in_first desc nulls last
