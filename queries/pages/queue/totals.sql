-- How many alerts match the filters and how much money stands behind them.
--
-- grain:   as_of
-- params:  entity_types  varchar[]  list, empty = every
--          markets       varchar[]  list, empty = every
--          typologies    varchar[]  list, empty = every
--          bands         varchar[]  list, empty = every
--          lanes         varchar[]  list of score | signals | unproven
--          search        varchar    in name or id, '' = any
--          decided       varchar[]  list of type:id
--          status        varchar    open | decided | all
--          is_ended      boolean    those that have ended, else the day's work
-- returns: as_of           date
--          alert_count     bigint
--          entity_count    bigint
--          critical_count  bigint
--          exposure_usd    double  money that can still be lost, entities once;
--                                  null = no money is known
--          review_minutes  double
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
        lower(cast($search as varchar)) as search
),

matching_alerts as (
    select
        a.entity_type || ':' || a.entity_id as entity_key,
        a.score_band,
        a.exposure_usd,
        a.review_minutes
    from alerts.alerts as a
    cross join params as q
    where
        is_chosen(q.entity_types, a.entity_type)
        and is_chosen(q.markets, a.market)
        and is_chosen(q.typologies, a.typology)
        and is_chosen(q.bands, a.score_band)
        and list_contains(q.lanes, a.lane)
        and a.is_ended = q.is_ended
        and is_in_state(
            q.status, q.decided, a.entity_type || ':' || a.entity_id
        )
        and is_match(q.search, a.name, a.entity_id)
),

entities as (
    select
        entity_key,
        count(*) as alerts,
        max(exposure_usd) as exposure_usd,
        sum(review_minutes) as review_minutes,
        sum(if(score_band = 'CRIT', 1, 0)) as criticals
    from matching_alerts
    group by entity_key
)

select
    b.as_of,
    cast(coalesce(sum(e.alerts), 0) as bigint) as alert_count,
    cast(count(e.entity_key) as bigint) as entity_count,
    cast(coalesce(sum(e.criticals), 0) as bigint) as critical_count,
    cast(sum(e.exposure_usd) as double) as exposure_usd,
    cast(coalesce(sum(e.review_minutes), 0) as double) as review_minutes
from meta.build as b
left join entities as e on true
group by b.as_of
