-- What others than analysts of the casebook said of some subjects, the last word of each.
--
-- grain:   entity_key
-- params:  keys        varchar[]  of `type:id`
-- returns: entity_key  varchar
--          label       varchar    bad or good
--          source      varchar    as in staging.labels
--          known_day   date
select
    entity_type || ':' || entity_id as entity_key,
    max_by(label, known_at) as label,
    max_by(source, known_at) as source,
    cast(max(known_at) as date) as known_day
from staging.labels
where
    source <> 'casebook'
    and list_contains(
        cast($keys as varchar[]), entity_type || ':' || entity_id
    )
group by entity_type, entity_id
order by entity_key asc nulls last
