-- Whether some entities are unusual in a way that nobody has judged yet.
--
-- grain:   entity_key
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key   varchar  type:id
--          entity_type  varchar
--          entity_id    varchar
--          anomaly      double   0..1; no probability
--          rank         bigint   1 = the most unusual of its kind
--          is_surfaced  boolean  in the unproven lane: no other alert
--          reason_1     varchar  feature name
--          reason_1_z   double   deviations from its peers
--          reason_2     varchar
--          reason_2_z   double
--          reason_3     varchar
--          reason_3_z   double
select
    k.entity_key,
    o.entity_type,
    o.entity_id,
    cast(o.anomaly as double) as anomaly,
    cast(o.rank as bigint) as rank,
    o.is_surfaced
    and not exists (
        select 1
        from alerts.alerts as a
        where
            a.entity_type = o.entity_type
            and a.entity_id = o.entity_id
            and a.lane <> 'unproven'
    ) as is_surfaced,
    o.reason_1,
    cast(o.reason_1_z as double) as reason_1_z,
    o.reason_2,
    cast(o.reason_2_z as double) as reason_2_z,
    o.reason_3,
    cast(o.reason_3_z as double) as reason_3_z
from subjects_of($keys) as k
inner join scores.anomalies as o
    on k.entity_type = o.entity_type and k.entity_id = o.entity_id
qualify o.as_of = max(o.as_of) over (partition by k.entity_key)
order by k.entity_key asc nulls last
