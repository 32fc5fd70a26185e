-- The numbers that playbooks ask for, of some subjects, and where their peers stand in them.
--
-- Once beside its group and once beside all of its type.
--
-- grain:   entity_key, feature, is_group
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key  varchar   type:id
--          feature     varchar
--          is_group    boolean   of the group; else of all
--          figure      double    of the subject
--          entities    bigint    with a value
--          p10         double
--          p50         double
--          p90         double
select
    k.entity_key,
    f.feature,
    l.peer_group is not null as is_group,
    f.figure,
    l.entities,
    l.p10,
    l.p50,
    l.p90
from subjects_of($keys) as k
inner join graph.entities as e
    on k.entity_type = e.entity_type and k.entity_id = e.entity_id
inner join metrics.subject_figures as f
    on k.entity_type = f.entity_type and k.entity_id = f.entity_id
inner join metrics.feature_levels as l
    on f.entity_type = l.entity_type and f.feature = l.feature
where coalesce(l.peer_group, e.peer_group) = e.peer_group
order by
    k.entity_key asc nulls last,
    f.feature asc nulls last,
    is_group asc nulls last
