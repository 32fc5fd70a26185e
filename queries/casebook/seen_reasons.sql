-- What pushed the scores of some subjects most, up or down, when somebody decided.
--
-- grain:   entity_key, feature
-- params:  keys   varchar[]  list of type:id
--          limit  bigint     features of each
-- returns: entity_key    varchar  type:id
--          feature       varchar
--          value         double   null = too little history
--          contribution  double   log-odds
--          peer_median   double
with shown as (
    select
        k.entity_key,
        c.entity_type,
        c.as_of,
        g.peer_group,
        c.feature,
        c.value,
        c.contribution
    from subjects_of($keys) as k
    inner join explanations.contributions as c
        on k.entity_type = c.entity_type and k.entity_id = c.entity_id
    left join explanations.peer_groups as g
        on
            c.entity_type = g.entity_type
            and c.entity_id = g.entity_id
            and c.as_of = g.as_of
    where c.rank <= $limit
    qualify c.as_of = max(c.as_of) over (partition by k.entity_key)
)

select
    s.entity_key,
    s.feature,
    cast(s.value as double) as value,
    cast(s.contribution as double) as contribution,
    cast(p.peer_median as double) as peer_median
from shown as s
left join explanations.peers as p
    on
        s.entity_type = p.entity_type
        and s.as_of = p.as_of
        and s.peer_group = p.peer_group
        and s.feature = p.feature
order by
    s.entity_key asc, abs(s.contribution) desc nulls last, s.feature asc
