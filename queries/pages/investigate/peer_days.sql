-- The middle half and the outer tenths of one peer group on each day, metric by metric.
--
-- grain:   metric, day
-- params:  entity_type  varchar
--          peer_group   varchar
--          metrics      varchar[]
--          days         bigint
-- returns: metric    varchar
--          day       date
--          p10       double
--          p25       double
--          p50       double
--          p75       double
--          p90       double
--          entities  bigint  peers counted that day
select
    p.metric,
    p.day,
    cast(p.p10 as double) as p10,
    cast(p.p25 as double) as p25,
    cast(p.p50 as double) as p50,
    cast(p.p75 as double) as p75,
    cast(p.p90 as double) as p90,
    cast(p.entities as bigint) as entities
from metrics.peer_days as p
cross join meta.build as b
where
    p.entity_type = $entity_type
    and p.peer_group = $peer_group
    and list_contains(cast($metrics as varchar[]), p.metric)
    and p.day >= b.as_of - cast($days as integer)
order by p.metric asc nulls last, p.day asc nulls last
