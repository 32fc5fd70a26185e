-- How much more often entities like this one were confirmed, feature by feature.
--
-- Counted, not modelled: among entities on the same side of a threshold. Where one
-- entity passes several thresholds of a feature, the most telling one counts.
--
-- grain:   feature
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: feature    varchar
--          threshold  double
--          side       varchar  high | low
--          entities   bigint   on that side, with a verdict
--          confirmed  bigint   of those
--          rate       double
--          base       double   rate of all with a verdict
--          lift       double   rate / base
--          lift_low   double   95 % interval
--          lift_high  double
select
    l.feature,
    cast(l.threshold as double) as threshold,
    l.side,
    cast(l.entities as bigint) as entities,
    cast(l.confirmed as bigint) as confirmed,
    cast(l.rate as double) as rate,
    cast(l.base as double) as base,
    cast(l.lift as double) as lift,
    cast(l.lift_low as double) as lift_low,
    cast(l.lift_high as double) as lift_high
from explanations.lifts as l
inner join explanations.contributions as c
    on l.entity_type = c.entity_type and l.feature = c.feature
where
    c.entity_type = $entity_type
    and c.entity_id = $entity_id
    and (
        (l.side = 'high' and c.value >= l.threshold)
        or (l.side = 'low' and c.value <= l.threshold)
    )
qualify
    row_number() over (
        partition by l.feature
        order by
            abs(ln(greatest(l.lift, 0.001))) desc nulls last,
            l.threshold desc nulls last
    ) = 1
order by l.feature asc nulls last
