-- Where one entity stands in the filtered queue, and who is before and after.
--
-- grain:   entity_key
-- params:  entity_key    varchar
--          entity_types  varchar[]  list, empty = every
--          markets       varchar[]  list, empty = every
--          typologies    varchar[]  list, empty = every
--          bands         varchar[]  list, empty = every
--          lanes         varchar[]  list of score | signals | unproven
--          search        varchar    in name or id, '' = any
--          decided       varchar[]  list of type:id
--          status        varchar    open | decided | all
--          is_ended      boolean    those that have ended, else the day's work
--          sort          varchar    priority | probability | exposure | age
-- returns: entity_key    varchar  type:id
--          place         bigint   1 = top of the queue
--          total         bigint   entities in the filtered queue
--          previous_key  varchar  null at the top
--          next_key      varchar  null at the end
with params as (
    select
        cast($entity_types as varchar[]) as entity_types,
        cast($markets as varchar[]) as markets,
        cast($typologies as varchar[]) as typologies,
        cast($bands as varchar[]) as bands,
        cast($lanes as varchar[]) as lanes,
        cast($decided as varchar[]) as decided,
        cast($status as varchar) as status,
        cast($is_ended as boolean) as is_ended,
        cast($entity_key as varchar) as entity_key,
        lower(cast($search as varchar)) as search
),

matching_alerts as (
    select
        a.entity_type || ':' || a.entity_id as entity_key,
        max(
            case $sort
                when 'probability' then a.probability
                when 'exposure' then a.exposure_usd
                when 'age' then cast(a.as_of - a.opened_on as double)
                else -a.queue_place
            end
        ) as rank_value,
        min(a.alert_id) as alert_id
    from alerts.alerts as a
    cross join params as q
    where
        is_chosen(q.entity_types, a.entity_type)
        and is_chosen(q.markets, a.market)
        and is_chosen(q.typologies, a.typology)
        and is_chosen(q.bands, a.score_band)
        and list_contains(q.lanes, a.lane)
        and a.is_ended = q.is_ended
        and (
            a.entity_type || ':' || a.entity_id = q.entity_key
            or is_in_state(
                q.status, q.decided, a.entity_type || ':' || a.entity_id
            )
        )
        and is_match(q.search, a.name, a.entity_id)
    group by a.entity_type, a.entity_id
),

places as (
    select
        entity_key,
        row_number() over queue as place,
        count(*) over () as total,
        lag(entity_key) over queue as previous_key,
        lead(entity_key) over queue as next_key
    from matching_alerts
    window queue as (
        order by rank_value desc nulls last, alert_id asc nulls last
    )
)

select
    p.entity_key,
    cast(p.place as bigint) as place,
    cast(p.total as bigint) as total,
    p.previous_key,
    p.next_key
from places as p
cross join params as q
where p.entity_key = q.entity_key
