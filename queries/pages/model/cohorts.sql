-- How good one model's scores were, week by week, as far as verdicts have come in.
--
-- grain:   as_of
-- params:  entity_type  varchar
-- returns: as_of           date     the day of the scores
--          is_mature       boolean  verdicts have had their days
--          judged          bigint   reviewed in time, of those in the first places
--          bad             bigint   called bad of these
--          expected        double   mean score of the judged, 0..1
--          precision       double   bad / judged; null = too young, or nobody
--          precision_low   double   90 % interval
--          precision_high  double
--          known_bad       bigint   called bad in time, wherever they stood
--          reached         bigint   of these in the first places
--          recall          double   reached / known_bad
--          recall_low      double   90 % interval
--          recall_high     double
select
    as_of,
    is_mature,
    cast(judged as bigint) as judged,
    cast(bad as bigint) as bad,
    cast(expected as double) as expected,
    cast(precision as double) as precision,
    cast(precision_low as double) as precision_low,
    cast(precision_high as double) as precision_high,
    cast(known_bad as bigint) as known_bad,
    cast(reached as bigint) as reached,
    cast(recall as double) as recall,
    cast(recall_low as double) as recall_low,
    cast(recall_high as double) as recall_high
from scores.cohorts
where entity_type = $entity_type
order by as_of asc nulls last
