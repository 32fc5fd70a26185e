-- The unproven lane: unusual together, and nobody has judged such a thing yet.
--
-- grain:   entity_type, entity_id
-- params:  entity_types  varchar[]  list, empty = every
--          markets       varchar[]  list, empty = every
--          search        varchar    in name or id, '' = any
--          decided       varchar[]  list of type:id
--          status        varchar    open | decided | all
-- returns: entity_type  varchar
--          entity_id    varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          peer_group   varchar  whom it is compared with
--          rank         bigint   1 = the most unusual of its kind
--          reason_1     varchar  feature name
--          reason_1_z   double   deviations from its peers
--          reason_2     varchar
--          reason_2_z   double
--          reason_3     varchar
--          reason_3_z   double
with params as (
    select
        cast($entity_types as varchar[]) as entity_types,
        cast($markets as varchar[]) as markets,
        cast($decided as varchar[]) as decided,
        cast($status as varchar) as status,
        lower(cast($search as varchar)) as search
),

latest_anomalies as (
    select * from scores.anomalies
    where is_surfaced
    qualify as_of = max(as_of) over ()
),

-- Whoever has an alert by score or by signals is proven enough; a place that
-- is kept for the unproven is no such alert.
alert_entities as (
    select distinct
        entity_type,
        entity_id
    from alerts.alerts
    where lane <> 'unproven'
)

select
    n.entity_type,
    n.entity_id,
    e.name,
    e.market,
    e.peer_group,
    cast(n.rank as bigint) as rank,
    n.reason_1,
    cast(n.reason_1_z as double) as reason_1_z,
    n.reason_2,
    cast(n.reason_2_z as double) as reason_2_z,
    n.reason_3,
    cast(n.reason_3_z as double) as reason_3_z
from latest_anomalies as n
inner join graph.entities as e
    on n.entity_type = e.entity_type and n.entity_id = e.entity_id
left join alert_entities as a
    on n.entity_type = a.entity_type and n.entity_id = a.entity_id
cross join params as q
where
    a.entity_id is null
    and is_chosen(q.entity_types, n.entity_type)
    and is_chosen(q.markets, e.market)
    and is_in_state(
        q.status, q.decided, n.entity_type || ':' || n.entity_id
    )
    and is_match(q.search, e.name, n.entity_id)
order by n.rank asc nulls last, n.entity_type asc, n.entity_id asc
