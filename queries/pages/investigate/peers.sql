-- What is usual among the peers of some entities, for each feature that moves a score.
--
-- grain:   entity_id, feature
-- params:  entity_type  varchar
--          entity_ids   varchar[]  list
-- returns: entity_id    varchar
--          feature      varchar
--          as_of        date
--          base_margin  double   log-odds of the average entity
--          peer_median  double
--          peer_low     double   25th percentile
--          peer_high    double   75th percentile
--          peer_group   varchar
--          peer_count   bigint
with members as (
    select
        entity_id,
        entity_type,
        as_of,
        peer_group
    from explanations.peer_groups
    where
        entity_type = $entity_type
        and list_contains(cast($entity_ids as varchar[]), entity_id)
)

select
    m.entity_id,
    p.feature,
    m.as_of,
    cast(b.base_margin as double) as base_margin,
    cast(p.peer_median as double) as peer_median,
    cast(p.peer_low as double) as peer_low,
    cast(p.peer_high as double) as peer_high,
    m.peer_group,
    cast(p.peer_count as bigint) as peer_count
from members as m
inner join explanations.bases as b
    on m.entity_type = b.entity_type and m.as_of = b.as_of
inner join explanations.peers as p
    on
        m.entity_type = p.entity_type
        and m.as_of = p.as_of
        and m.peer_group = p.peer_group
order by m.entity_id asc, p.feature asc
