-- Whom somebody else's scores name, where no raw tables do; empty beside raw tables.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type      varchar
--          entity_id        varchar
--          name             varchar  its id where none was handed over
--          market           varchar
--          category         varchar
--          first_scored_on  date
--          last_scored_on   date
with final as (
    select
        entity_type,
        entity_id,
        coalesce(name, entity_id) as name,
        market,
        category,
        first_scored_on,
        last_scored_on
    from raw.scored_entities
)

select * from final
