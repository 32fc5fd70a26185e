-- How much more often entities beyond a threshold were confirmed, counted by no model.
--
-- grain:   feature, sample, side, threshold
-- params:  entity_type  varchar
-- returns: feature    varchar
--          sample     varchar  random: checks drawn by lot | judged: all verdicts
--          side       varchar  high | low: on which side of the threshold
--          threshold  double
--          entities   bigint   beyond it, with a verdict
--          confirmed  bigint   of those
--          rate       double
--          base       double   rate of all with a verdict
--          lift       double   rate / base
--          lift_low   double   95 % interval
--          lift_high  double
select
    feature,
    sample,
    side,
    cast(threshold as double) as threshold,
    cast(entities as bigint) as entities,
    cast(confirmed as bigint) as confirmed,
    cast(rate as double) as rate,
    cast(base as double) as base,
    cast(lift as double) as lift,
    cast(lift_low as double) as lift_low,
    cast(lift_high as double) as lift_high
from explanations.lifts
where entity_type = $entity_type
order by
    feature asc nulls last,
    sample asc nulls last,
    side asc nulls last,
    threshold asc nulls last
