-- Whether one model's scores are right where decisions are made.
--
-- grain:   band
-- params:  entity_type  varchar
-- returns: band       varchar  top_1 | top_5 | medium (and above)
--          predicted  double   mean score of those whom nobody has judged, 0..1
--          observed   double   share of bad among them, as verdicts bear out
--          low        double   90 % interval
--          high       double
--          entities   bigint   not judged and in the band today
select
    band,
    cast(predicted as double) as predicted,
    cast(observed as double) as observed,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(entities as bigint) as entities
from scores.calibration
where entity_type = $entity_type
order by predicted desc nulls last, band asc
