-- Predicted against observed share of bad, per bin of one model's score.
--
-- grain:   bin
-- params:  entity_type  varchar
-- returns: bin        bigint
--          predicted  double
--          observed   double
--          entities   bigint
select
    cast(bin as bigint) as bin,
    cast(predicted as double) as predicted,
    cast(observed as double) as observed,
    cast(entities as bigint) as entities
from scores.calibration
where entity_type = $entity_type
order by bin asc nulls last
