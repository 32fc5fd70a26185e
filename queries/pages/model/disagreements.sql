-- Who stands in the first places of one model and not of the other.
--
-- grain:   entity_id
-- params:  entity_type  varchar
--          first        bigint     places that count as first
--          limit        bigint     of each model
--          markets      varchar[]  list, empty = every
-- returns: entity_id            varchar
--          name                 varchar  as typed: hostile until escaped
--          market               varchar
--          higher_in            varchar  in_use | challenger
--          position             bigint   under the model in use, from 1
--          challenger_position  bigint
--          score                double   0..1
--          challenger_score     double   0..1
with apart as (
    select
        entity_id,
        position,
        challenger_position,
        score,
        challenger_score,
        case
            when position < challenger_position then 'in_use' else 'challenger'
        end as higher_in,
        least(position, challenger_position) as nearest,
        greatest(position, challenger_position) as farthest
    from scores.shadow_scores
    where entity_type = $entity_type
),

named as (
    select
        a.entity_id,
        e.name,
        e.market,
        a.higher_in,
        a.position,
        a.challenger_position,
        a.score,
        a.challenger_score,
        row_number() over (
            partition by a.higher_in
            order by a.nearest / a.farthest asc, a.entity_id asc
        ) as place
    from apart as a
    inner join graph.entities as e
        on e.entity_type = $entity_type and a.entity_id = e.entity_id
    where
        a.nearest <= $first
        and a.farthest > $first
        and is_chosen(cast($markets as varchar[]), e.market)
)

select
    entity_id,
    name,
    market,
    higher_in,
    cast(position as bigint) as position,
    cast(challenger_position as bigint) as challenger_position,
    cast(score as double) as score,
    cast(challenger_score as double) as challenger_score
from named
where place <= $limit
order by higher_in asc nulls last, place asc nulls last
