-- The surest sequence that a model of the marketplace's own finds in one entity's events.
--
-- grain:   t0
-- params:  entity_type     varchar
--          entity_id       varchar
-- returns: t0              timestamp  it begins, UTC
--          t1              timestamp  it ends, UTC
--          score           double     0..1
--          salient_events  varchar    ids of its rows in order; null = not told
--          sequences       bigint     of this entity in all
select
    t0,
    t1,
    score,
    salient_events,
    count(*) over () as sequences
from staging.sequence_score
where entity_type = $entity_type and entity_id = $entity_id
order by score desc nulls last, t0 desc nulls last
limit 1
