-- The two strongest signals of each of some entities, for rows without a score.
--
-- grain:   entity_key, code
-- params:  keys        varchar[]  list of type:id
-- returns: entity_key  varchar    type:id
--          typology    varchar    pack code
--          code        varchar    signal code inside the pack
--          severity    double
with params as (
    select unnest(cast($keys as varchar[])) as entity_key
),

signal_ranks as (
    select
        a.entity_key,
        s.typology,
        s.code,
        s.severity,
        row_number() over (
            partition by a.entity_key
            order by
                s.severity desc nulls last,
                s.typology asc nulls last,
                s.code asc nulls last
        ) as place
    from params as a
    inner join scores.signals as s
        on a.entity_key = s.entity_type || ':' || s.entity_id
)

select
    entity_key,
    typology,
    code,
    cast(severity as double) as severity
from signal_ranks
where place <= 2
order by entity_key asc nulls last, place asc nulls last
