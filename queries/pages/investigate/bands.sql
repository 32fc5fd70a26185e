-- The score at which each band of this build begins; the lowest begins nowhere.
--
-- grain:   score_band
-- params:  none
-- returns: score_band  varchar  CRIT, HIGH, MED
--          edge        double   calibrated score, 0..1
select
    score_band,
    cast(edge as double) as edge
from scores.bands
order by edge desc nulls last
