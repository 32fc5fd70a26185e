-- What pushed one entity's score up and down, strongest first, as far as it is stored.
--
-- grain:   feature
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: feature       varchar
--          as_of         date
--          base_margin   double   log-odds of the average entity
--          value         double   null = too little history
--          contribution  double   log-odds
--          low           double   least that any model of resampled verdicts gave it
--          high          double   greatest; null = no other model was asked
--          peer_median   double
--          peer_low      double   25th percentile
--          peer_high     double   75th percentile
--          peer_group    varchar
--          peer_count    bigint
select
    c.feature,
    c.as_of,
    cast(b.base_margin as double) as base_margin,
    cast(c.value as double) as value,
    cast(c.contribution as double) as contribution,
    cast(c.low as double) as low,
    cast(c.high as double) as high,
    cast(p.peer_median as double) as peer_median,
    cast(p.peer_low as double) as peer_low,
    cast(p.peer_high as double) as peer_high,
    g.peer_group,
    cast(p.peer_count as bigint) as peer_count
from explanations.contributions as c
inner join explanations.bases as b
    on c.entity_type = b.entity_type and c.as_of = b.as_of
left join explanations.peer_groups as g
    on
        c.entity_type = g.entity_type
        and c.entity_id = g.entity_id
        and c.as_of = g.as_of
left join explanations.peers as p
    on
        c.entity_type = p.entity_type
        and c.as_of = p.as_of
        and g.peer_group = p.peer_group
        and c.feature = p.feature
where c.entity_type = $entity_type and c.entity_id = $entity_id
qualify c.as_of = max(c.as_of) over ()
order by abs(c.contribution) desc nulls last, c.feature asc nulls last
