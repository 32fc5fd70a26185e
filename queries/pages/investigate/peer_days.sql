-- The middle half of one peer group on each day, for one metric.
--
-- grain:   day
-- params:  entity_type  varchar
--          peer_group   varchar
--          metric       varchar
--          days         bigint
-- returns: day       date
--          p25       double
--          p50       double
--          p75       double
--          entities  bigint  peers counted that day
select
    p.day,
    cast(p.p25 as double) as p25,
    cast(p.p50 as double) as p50,
    cast(p.p75 as double) as p75,
    cast(p.entities as bigint) as entities
from metrics.peer_days as p
cross join meta.build as b
where
    p.entity_type = $entity_type
    and p.peer_group = $peer_group
    and p.metric = $metric
    and p.day >= b.as_of - cast($days as integer)
order by p.day asc nulls last
