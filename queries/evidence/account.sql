-- When one entity registered.
--
-- grain:   entity_id
-- params:  entity_type     varchar  merchant, creator, product or buyer
--          entity_id       varchar
--          as_of           date     what was known before this day
-- returns: entity_id                   varchar
--          name                        varchar    as typed
--          market                      varchar
--          category                    varchar
--          registered_at               timestamp  UTC
--          age_days                    bigint     days
with final as (
    select
        entity_id,
        name,
        market,
        category,
        registered_at,
        date_diff('day', registered_at, cast($as_of as timestamp)) as age_days
    from graph.entities
    where
        entity_type = $entity_type
        and entity_id = $entity_id
)

select * from final
