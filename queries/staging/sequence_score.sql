-- Sequences of events that a model of the marketplace's own finds salient.
--
-- grain:   entity_type, entity_id, t0
-- params:  none
-- returns: entity_type     varchar
--          entity_id       varchar    its id, of the kind that entity_type names
--          t0              timestamp  the sequence begins
--          t1              timestamp  it ends
--          score           double     0..1, the surest highest
--          salient_events  varchar    ids of its rows in order; null = not told
with source as (
    select * from raw.sequence_score
),

final as (
    select
        cast(entity_type as varchar) as entity_type,
        cast(entity_id as varchar) as entity_id,
        cast(t0 as timestamp) as t0,
        cast(t1 as timestamp) as t1,
        cast(score as double) as score,
        cast(salient_events as varchar) as salient_events
    from source
)

select * from final
