-- Where the active peers of a group stand over the last four weeks, metric by metric, and
-- where all of their type do.
--
-- grain:   metric, is_group
-- params:  entity_type  varchar
--          peer_group   varchar
-- returns: metric    varchar
--          is_group  boolean   of the group; else of all
--          entities  bigint    active in these weeks
--          grid      double[]  21 values: the least, each twentieth, the most
select
    metric,
    peer_group is not null as is_group,
    entities,
    grid
from metrics.peer_levels
where
    entity_type = $entity_type
    and coalesce(peer_group, $peer_group) = $peer_group
order by metric asc nulls last, is_group asc nulls last
