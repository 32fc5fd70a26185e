-- Every measured number of one live room beside those of its peers.
--
-- The last snapshot that describes the room counts. Peers are the rooms of its
-- market and category that are described then, or every room where those are few.
--
-- grain:   feature
-- params:  entity_id    varchar
--          enough       bigint   peers below which everybody is compared with
-- returns: feature       varchar
--          as_of         date
--          value         double   null = too little seen
--          peer_median   double
--          peers         bigint   peer rooms with a value
--          peer_group    varchar  null = compared with every room
--          lower_share   double   share of them below the value
--          higher_share  double   share of them above the value
with subject as (
    select
        f.live_session_id,
        f.as_of,
        e.peer_group
    from features.live_session as f
    inner join graph.entities as e
        on e.entity_type = 'live_session' and f.live_session_id = e.entity_id
    where f.live_session_id = $entity_id
    order by f.as_of desc nulls last
    limit 1
),

all_sessions as (
    select
        f.*,
        e.peer_group = t.peer_group as is_near
    from features.live_session as f
    inner join subject as t on f.as_of = t.as_of
    inner join graph.entities as e
        on e.entity_type = 'live_session' and f.live_session_id = e.entity_id
),

near_peers as (
    select
        count(*) as live_sessions,
        max(t.peer_group) as peer_group
    from all_sessions as o
    cross join subject as t
    where o.is_near
),

peers as (
    select o.* exclude (is_near)
    from all_sessions as o
    cross join near_peers as n
    where
        o.is_near
        or n.live_sessions <= $enough
        or o.live_session_id = $entity_id
),

feature_values as (
    select
        live_session_id,
        as_of,
        feature,
        value
    from peers
    unpivot include nulls (
        value for feature in (columns(* exclude (live_session_id, as_of)))
    )
),

own_values as (
    select
        feature,
        as_of,
        value
    from feature_values
    where live_session_id = $entity_id
)

select
    o.feature,
    o.as_of,
    o.value,
    median(p.value) as peer_median,
    count(p.value) as peers,
    max(
        case when n.live_sessions > $enough then n.peer_group end
    ) as peer_group,
    cast(
        count(*) filter (where p.value < o.value)
        / cast(nullif(count(p.value), 0) as double)
        as double
    ) as lower_share,
    cast(
        count(*) filter (where p.value > o.value)
        / cast(nullif(count(p.value), 0) as double)
        as double
    ) as higher_share
from own_values as o
cross join near_peers as n
left join feature_values as p
    on o.feature = p.feature and p.live_session_id <> $entity_id
group by o.feature, o.as_of, o.value
order by o.feature asc nulls last
