-- The numbers that playbooks ask for, of one subject, and where its peers stand in them.
--
-- Once beside its group and once beside all of its type.
--
-- grain:   feature, is_group
-- params:  entity_type  varchar
--          entity_id    varchar
--          peer_group   varchar
-- returns: feature   varchar
--          is_group  boolean   of the group; else of all
--          figure    double    of the subject
--          entities  bigint    with a value
--          p10       double
--          p50       double
--          p90       double
select
    f.feature,
    l.peer_group is not null as is_group,
    f.figure,
    l.entities,
    l.p10,
    l.p50,
    l.p90
from metrics.subject_figures as f
inner join metrics.feature_levels as l
    on f.entity_type = l.entity_type and f.feature = l.feature
where
    f.entity_type = $entity_type
    and f.entity_id = $entity_id
    and coalesce(l.peer_group, $peer_group) = $peer_group
order by f.feature asc nulls last, is_group asc nulls last
