-- What somebody found out, and when it became known. No row = unknown.
--
-- grain:   label_id
-- params:  none
-- returns: label_id      varchar    lab_...
--          entity_type   varchar
--          entity_id     varchar    its id, of the kind that entity_type names
--          label         varchar
--          typology      varchar    pack name for a bad label, e.g. T1_BRUSHING
--          source        varchar    exploration = drawn at random, the only unbiased source
--          event_at      timestamp  when the behaviour judged had begun, as told; or null
--          observed_at   timestamp  somebody looked, or a complaint came in
--          decided_at    timestamp  the verdict was given
--          known_at      timestamp  the verdict reached the label store
--          analyst_id    varchar    who decided, ana_...; null = not told
--          weight        double     0..1 how sure it is: 1 for whatever was delivered
--          withdrawn_at  timestamp  taken back, and no other in its place; null = it stands
--          day           date       UTC day of known_at
with source as (
    select * from raw.labels
),

final as (
    select
        cast(label_id as varchar) as label_id,
        cast(entity_type as varchar) as entity_type,
        cast(entity_id as varchar) as entity_id,
        cast(label as varchar) as label,
        cast(typology as varchar) as typology,
        cast(source as varchar) as source,
        cast(event_at as timestamp) as event_at,
        cast(observed_at as timestamp) as observed_at,
        cast(decided_at as timestamp) as decided_at,
        cast(known_at as timestamp) as known_at,
        cast(analyst_id as varchar) as analyst_id,
        cast(weight as double) as weight,
        cast(withdrawn_at as timestamp) as withdrawn_at,
        cast(known_at as date) as day
    from source
)

select * from final
