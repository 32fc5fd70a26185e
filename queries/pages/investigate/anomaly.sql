-- Whether one entity is unusual in a way that nobody has judged yet.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type  varchar
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
    entity_type,
    entity_id,
    cast(anomaly as double) as anomaly,
    cast(rank as bigint) as rank,
    is_surfaced
    and not exists (
        select 1
        from alerts.alerts as a
        where
            a.entity_type = $entity_type
            and a.entity_id = $entity_id
            and a.lane <> 'unproven'
    ) as is_surfaced,
    reason_1,
    cast(reason_1_z as double) as reason_1_z,
    reason_2,
    cast(reason_2_z as double) as reason_2_z,
    reason_3,
    cast(reason_3_z as double) as reason_3_z
from scores.anomalies
where entity_type = $entity_type and entity_id = $entity_id
qualify as_of = max(as_of) over ()
