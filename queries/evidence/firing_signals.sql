-- Which signals of the packs fire for one entity on a day, with what each of them asks.
--
-- Signs that somebody is the victim are left out: they say nothing against it.
--
-- grain:   code
-- params:  entity_type  varchar
--          entity_id    varchar
--          as_of        date     what was known before this day
-- returns: typology   varchar  title of its pack
--          code       varchar  signal code inside the pack
--          signal     varchar  in words
--          condition  varchar  what it asks of the features of that day
--          severity   double   what it is worth by itself, 0..1
--          strength   double   0..1: 1 - product of (1 - severity) of its typology
with firings as (
    select
        c.title as typology,
        f.code,
        c.text as signal,
        c.predicate as condition,
        f.severity,
        1.0 - product(1.0 - f.severity) over (partition by f.typology)
            as strength
    from signals.firings as f
    inner join signals.conditions as c
        on f.typology = c.typology and f.code = c.code
    where
        f.entity_type = $entity_type
        and f.entity_id = $entity_id
        and f.as_of = $as_of
        and c.speaks_against
)

select
    typology,
    code,
    signal,
    condition,
    severity,
    strength
from firings
order by strength desc nulls last, severity desc nulls last, code asc nulls last
