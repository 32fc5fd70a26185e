-- The unproven lane: unusual together, and nobody has judged such a thing yet.
--
-- grain:   alert_id
-- params:  entity_types  varchar[]  list, empty = every
--          markets       varchar[]  list, empty = every
--          search        varchar  in name or id, '' = any
--          decided       varchar[]  list of type:id
--          status        varchar  open | decided | all
-- returns: alert_id      varchar
--          entity_type   varchar
--          entity_id     varchar
--          name          varchar  as typed: hostile until escaped
--          market        varchar
--          opened_on     date
--          age_days      bigint
--          exposure_usd  double   money that can still be lost
--          rank          bigint   1 = the most unusual of its kind
--          reason_1      varchar  feature name
--          reason_1_z    double   deviations from its peers
--          reason_2      varchar
--          reason_2_z    double
--          reason_3      varchar
--          reason_3_z    double
with asked as (
    select
        cast($entity_types as varchar[]) as entity_types,
        cast($markets as varchar[]) as markets,
        cast($decided as varchar[]) as decided,
        cast($status as varchar) as status,
        lower(cast($search as varchar)) as search
),

latest as (
    select * from scores.anomalies
    qualify as_of = max(as_of) over ()
)

select
    a.alert_id,
    a.entity_type,
    a.entity_id,
    a.name,
    a.market,
    a.opened_on,
    cast(b.as_of - a.opened_on as bigint) as age_days,
    cast(a.exposure_usd as double) as exposure_usd,
    cast(n.rank as bigint) as rank,
    n.reason_1,
    cast(n.reason_1_z as double) as reason_1_z,
    n.reason_2,
    cast(n.reason_2_z as double) as reason_2_z,
    n.reason_3,
    cast(n.reason_3_z as double) as reason_3_z
from alerts.alerts as a
inner join latest as n
    on a.entity_type = n.entity_type and a.entity_id = n.entity_id
cross join asked as q
cross join meta.build as b
where
    a.lane = 'unproven'
    and (
        len(q.entity_types) = 0
        or list_contains(q.entity_types, a.entity_type)
    )
    and (len(q.markets) = 0 or list_contains(q.markets, a.market))
    and (
        q.status = 'all'
        or (q.status = 'decided')
        = list_contains(q.decided, a.entity_type || ':' || a.entity_id)
    )
    and (
        q.search = ''
        or contains(lower(a.name), q.search)
        or contains(lower(a.entity_id), q.search)
    )
order by n.rank asc nulls last, a.entity_type asc, a.entity_id asc
