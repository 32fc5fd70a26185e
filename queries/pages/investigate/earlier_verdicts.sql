-- Every verdict of a person on each of some subjects, as known before the build's day.
--
-- grain:   entity_key, label_id
-- params:  keys          varchar[]  list of type:id
-- returns: entity_key     varchar  type:id
--          label_id       varchar  lab_ and the decision's id, if the casebook's
--          label          varchar  bad | good
--          typology       varchar  of a bad label
--          source         varchar  what it rests on: review, chargeback, appeal ...
--          analyst_id     varchar  who gave it; null = nobody is named
--          decided_at     timestamp
--          known_day      date     day the verdict was known
--          taken_back_on  date     day it was taken back with no other in its place;
--                                  null = it was not
with params as (
    select unnest(cast($keys as varchar[])) as entity_key
),

verdicts as (
    select
        p.entity_key,
        v.label_id,
        v.label,
        v.typology,
        l.source,
        l.analyst_id,
        l.decided_at,
        v.known_day,
        v.replaced_day,
        row_number() over (
            partition by p.entity_key
            order by v.known_day desc nulls last, v.label_id desc nulls last
        ) as place
    from params as p
    inner join facts.verdicts as v
        on p.entity_key = v.entity_type || ':' || v.entity_id
    inner join staging.labels as l on v.label_id = l.label_id
    cross join meta.build as b
    where v.known_day < b.as_of
)

select
    entity_key,
    label_id,
    label,
    typology,
    source,
    analyst_id,
    decided_at,
    known_day,
    if(place = 1, replaced_day, null) as taken_back_on
from verdicts
order by entity_key asc nulls last, place desc nulls last
