-- Every number about some live sessions as they stood at one snapshot.
--
-- Long, so that a new feature is met without a list to edit.
--
-- grain:   entity_id, feature
-- params:  entity_ids  varchar[]  list
--          as_of       date
-- returns: entity_id  varchar
--          feature    varchar
--          value      double   null = too little history
with profiles as (
    select * from features.live_session
    where
        as_of = cast($as_of as date)
        and list_contains(cast($entity_ids as varchar[]), live_session_id)
)

select
    p.live_session_id as entity_id,
    f.key as feature,
    try_cast(f.atom as double) as value
from profiles as p
cross join lateral json_each(to_json(p)) as f
where f.key not in ('live_session_id', 'as_of')
