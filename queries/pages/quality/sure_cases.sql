-- Subjects whose verdict is beyond doubt: proven by a chargeback or a carrier, or by an appeal
-- that was rejected; cleared by an appeal. Nobody ever said the other of them afterwards, and
-- there was time to.
--
-- grain:   entity_type, entity_id
-- params:  none
-- returns: entity_type  varchar
--          entity_id    varchar
--          verdict      varchar  CONFIRMED or FALSE_POSITIVE
with words as (
    select
        l.entity_type,
        l.entity_id,
        l.label,
        l.known_at,
        l.source in ('chargeback', 'carrier', 'appeal') as is_sure
    from staging.labels as l
    inner join meta.build as b on l.known_at < b.as_of - interval 14 day
    where l.withdrawn_at is null
),

sure as (
    select
        entity_type,
        entity_id,
        max_by(label, known_at) as label,
        max(known_at) as known_at
    from words
    where is_sure
    group by entity_type, entity_id
)

select
    s.entity_type,
    s.entity_id,
    case s.label when 'bad' then 'CONFIRMED' else 'FALSE_POSITIVE' end
        as verdict
from sure as s
where
    not exists (
        select 1
        from staging.labels as l
        where
            l.entity_type = s.entity_type
            and l.entity_id = s.entity_id
            and l.label <> s.label
            and l.known_at > s.known_at
    )
order by s.entity_type asc nulls last, s.entity_id asc nulls last
