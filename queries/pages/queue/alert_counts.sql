-- How many alerts wait by entity type, the day's work and those that have ended.
--
-- grain:   entity_type
-- params:  decided      varchar[]  list of type:id whose case is answered
-- returns: entity_type  varchar
--          alert_count  bigint
--          ended_count  bigint
select
    a.entity_type,
    count(*) filter (where not a.is_ended) as alert_count,
    count(*) filter (where a.is_ended) as ended_count
from alerts.alerts as a
where
    a.lane <> 'unproven'
    and not list_contains(
        cast($decided as varchar[]), a.entity_type || ':' || a.entity_id
    )
group by a.entity_type
order by a.entity_type asc nulls last
