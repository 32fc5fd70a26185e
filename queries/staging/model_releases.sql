-- Scoring models and rules of the marketplace that went live.
--
-- grain:   release_id
-- params:  none
-- returns: release_id   varchar    rel_...
--          entity_type  varchar
--          version      varchar
--          released_at  timestamp
--          note         varchar    what changed
with source as (
    select * from raw.model_releases
),

final as (
    select
        cast(release_id as varchar) as release_id,
        cast(entity_type as varchar) as entity_type,
        cast(version as varchar) as version,
        cast(released_at as timestamp) as released_at,
        cast(note as varchar) as note
    from source
)

select * from final
