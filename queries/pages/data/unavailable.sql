-- Features, signals and packs that are off, and what they lack, those of a reason together.
--
-- grain:   kind, entity_type, name
-- params:  none
-- returns: kind         varchar    feature, signal or pack
--          entity_type  varchar    null for a pack
--          name         varchar    column of its feature table, or a code
--          label        varchar    the same as people read it
--          missing      varchar[]  tables, or table.column, that it lacks
--          reason       varchar    sentence of the first of them
select
    kind,
    entity_type,
    name,
    label,
    missing,
    reason
from meta.unavailable
order by
    reason asc nulls last,
    kind asc nulls last,
    entity_type asc nulls last,
    label asc nulls last,
    name asc nulls last
