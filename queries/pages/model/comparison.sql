-- Two models on the same matured verdicts, with the interval of the difference.
--
-- grain:   measure, top
-- params:  entity_type  varchar
-- returns: measure          varchar  precision | recall
--          top              double   share of the list that counts as found
--          entities         bigint   judged, before their verdict
--          in_use           double   null = it has nobody there
--          in_use_low       double   90 % interval
--          in_use_high      double
--          challenger       double
--          challenger_low   double
--          challenger_high  double
--          difference       double   challenger less in use
--          difference_low   double   90 % interval, of both together
--          difference_high  double
select
    measure,
    cast(top as double) as top,
    cast(entities as bigint) as entities,
    cast(in_use as double) as in_use,
    cast(in_use_low as double) as in_use_low,
    cast(in_use_high as double) as in_use_high,
    cast(challenger as double) as challenger,
    cast(challenger_low as double) as challenger_low,
    cast(challenger_high as double) as challenger_high,
    cast(difference as double) as difference,
    cast(difference_low as double) as difference_low,
    cast(difference_high as double) as difference_high
from scores.comparison
where entity_type = $entity_type
order by top asc nulls last, measure asc nulls last
