-- Vectors in which models of the marketplace's own place what they look at.
--
-- grain:   entity_type, entity_id, model, version
-- params:  none
-- returns: entity_type  varchar  video as well
--          entity_id    varchar  its id, of the kind that entity_type names
--          model        varchar
--          version      varchar
--          vector       float[]  finite, not all zero, one length in a model and version
with source as (
    select * from raw.entity_embedding
),

final as (
    select
        cast(entity_type as varchar) as entity_type,
        cast(entity_id as varchar) as entity_id,
        cast(model as varchar) as model,
        cast(version as varchar) as version,
        cast(vector as float[]) as vector
    from source
)

select * from final
