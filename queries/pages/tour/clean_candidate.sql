-- Of some entities the first that nobody has found bad and that scores low.
--
-- One that somebody has looked at and cleared is preferred to any other.
--
-- grain:   entity_id
-- params:  entity_type  varchar
--          entity_ids   varchar[]  list, best first
--          markets      varchar[]  list, empty = every
-- returns: entity_type  varchar
--          entity_id    varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          score        double   calibrated, 0..1
--          score_band   varchar  LOW
--          cleared_on   date     last time somebody found it good, if ever
with params as (
    select
        cast($entity_ids as varchar[]) as entity_ids,
        cast($markets as varchar[]) as markets
),

verdict_counts as (
    select
        entity_id,
        cast(max(known_at) filter (where label = 'good') as date) as cleared_on,
        count(*) filter (where label = 'bad') as bad_count
    from staging.labels
    where entity_type = $entity_type
    group by entity_id
)

select
    s.entity_type,
    s.entity_id,
    e.name,
    e.market,
    cast(s.probability as double) as score,
    s.score_band,
    j.cleared_on
from alerts.probabilities as s
cross join params as q
inner join graph.entities as e
    on s.entity_type = e.entity_type and s.entity_id = e.entity_id
left join verdict_counts as j on s.entity_id = j.entity_id
where
    s.entity_type = $entity_type
    and s.score_band = 'LOW'
    and coalesce(j.bad_count, 0) = 0
    and list_contains(q.entity_ids, s.entity_id)
    and is_chosen(q.markets, e.market)
order by
    j.cleared_on is not null desc nulls last,
    list_position(q.entity_ids, s.entity_id) asc nulls last
limit 1
