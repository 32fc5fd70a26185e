-- Of some entities the one to show: first one with an open alert of the kind.
--
-- Among equals the order of the list decides: it has the clearest case first.
--
-- grain:   entity_id
-- params:  entity_type  varchar
--          entity_ids   varchar[]  list, best first
--          typology     varchar    pack code
--          markets      varchar[]  list, empty = every
-- returns: entity_type        varchar
--          entity_id          varchar
--          name               varchar  as typed: hostile until escaped
--          market             varchar
--          score              double   calibrated, 0..1; null = not scored
--          score_band         varchar  LOW | MED | HIGH | CRIT
--          typology           varchar  of its open alert; null = none
--          opened_on          date     when its alert opened; null = none
--          exposure_usd       double   money that can still be lost
--          community_members  bigint   null = no community
with params as (
    select
        cast($entity_ids as varchar[]) as entity_ids,
        cast($markets as varchar[]) as markets
),

latest_scores as (
    select
        entity_id,
        probability as score,
        score_band
    from alerts.probabilities
    where entity_type = $entity_type
),

open_alerts as (
    select
        entity_id,
        typology,
        opened_on,
        exposure_usd,
        community_members,
        typology = $typology as is_named
    from alerts.alerts
    where entity_type = $entity_type and lane <> 'unproven'
    qualify
        row_number() over (
            partition by entity_id
            order by
                typology = $typology desc nulls last,
                priority desc nulls last,
                alert_id asc nulls last
        ) = 1
)

select
    e.entity_type,
    e.entity_id,
    e.name,
    e.market,
    cast(l.score as double) as score,
    l.score_band,
    a.typology,
    a.opened_on,
    cast(a.exposure_usd as double) as exposure_usd,
    cast(a.community_members as bigint) as community_members
from graph.entities as e
cross join params as q
left join latest_scores as l on e.entity_id = l.entity_id
left join open_alerts as a on e.entity_id = a.entity_id
where
    e.entity_type = $entity_type
    and list_contains(q.entity_ids, e.entity_id)
    and is_chosen(q.markets, e.market)
order by
    a.is_named desc nulls last,
    a.opened_on is not null desc nulls last,
    list_position(q.entity_ids, e.entity_id) asc nulls last
limit 1
