-- When one creator registered.
--
-- grain:   entity_id
-- params:  entity_id       varchar  the creator
--          as_of           date     what was known before this day
--          days            bigint   length of the window
-- returns: entity_id                   varchar
--          name                        varchar    as typed
--          market                      varchar
--          category                    varchar
--          registered_at               timestamp  UTC
--          age_days                    bigint     days
with account as (
    select
        entity_id,
        name,
        market,
        category,
        registered_at,
        date_diff('day', registered_at, cast($as_of as timestamp)) as age_days
    from graph.entities
    where
        entity_type = 'creator'
        and entity_id = $entity_id
        and cast($days as bigint) >= 0
)

select * from account
