-- One page of a community's members with score and confirmed label.
--
-- grain:   entity_type, entity_id
-- params:  community_id  varchar
--          limit         bigint
--          offset        bigint
-- returns: entity_type  varchar
--          entity_id    varchar
--          name         varchar  as typed: hostile until escaped
--          market       varchar
--          score        double   null = not scored
--          score_band   varchar
--          label        varchar  bad | good | null = unknown
--          typology     varchar  of a bad label
--          weight       double   strength of its ties inside
--          total_count  bigint   members in all, before limit
with latest_scores as (
    select
        entity_type,
        entity_id,
        probability as score,
        score_band
    from alerts.probabilities
),

verdicts as (
    select
        v.entity_type,
        v.entity_id,
        v.label,
        v.typology
    from facts.verdicts as v
    cross join meta.build as b
    where in_force(v.known_day, v.replaced_day, b.as_of)
)

select
    m.entity_type,
    m.entity_id,
    coalesce(e.name, '') as name,
    e.market,
    cast(s.score as double) as score,
    s.score_band,
    k.label,
    k.typology,
    cast(m.weight as double) as weight,
    count(*) over () as total_count
from communities.members as m
left join graph.entities as e
    on m.entity_type = e.entity_type and m.entity_id = e.entity_id
left join latest_scores as s
    on m.entity_type = s.entity_type and m.entity_id = s.entity_id
left join verdicts as k
    on m.entity_type = k.entity_type and m.entity_id = k.entity_id
where m.community_id = $community_id
order by
    s.score desc nulls last,
    m.weight desc nulls last,
    m.entity_id asc nulls last
limit $limit offset $offset
