-- Subjects by key, each with its alert of today if it has one.
--
-- grain:   entity_key
-- params:  keys     varchar[]  list of type:id
--          markets  varchar[]  list, empty = every
-- returns: entity_key      varchar  type:id
--          entity_type     varchar
--          name            varchar  as typed: hostile until escaped
--          market          varchar
--          typology        varchar  pack code; null without an alert
--          score_band      varchar
--          opened_on       date     its alert, since when; null = none
--          typology_since  date     signals of its typology are strong since
--          reopened_by     varchar  behaviour | typology | band
--          reopened_on     date
select
    s.entity_key,
    s.entity_type,
    e.name,
    e.market,
    a.typology,
    a.score_band,
    a.opened_on,
    a.typology_since,
    a.reopened_by,
    a.reopened_on
from subjects_of($keys) as s
inner join graph.entities as e
    on s.entity_type = e.entity_type and s.entity_id = e.entity_id
left join alerts.alerts as a
    on s.entity_type = a.entity_type and s.entity_id = a.entity_id
where is_chosen(cast($markets as varchar[]), e.market)
order by s.entity_key asc nulls last
