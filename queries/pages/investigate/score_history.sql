-- How the score of one entity moved, oldest first, as each build said on its day.
--
-- basis `then`: the last build of that day said so. `low`: that build scored its type
-- and kept no row of it, so it was Low; the score is not known. `rescored`: no build
-- of that day is kept, and today's model was put to what was known then. `handed`:
-- the same of a type whose scores were handed over, as their file has that day.
--
-- grain:   as_of
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: as_of       date
--          score       double   calibrated, 0..1; null where basis is low
--          score_band  varchar
--          basis       varchar  then | low | rescored | handed
with own_scores as (
    select
        as_of,
        score,
        score_band,
        as_of = max(as_of) over () as is_latest
    from scores.scores
    where entity_type = $entity_type and entity_id = $entity_id
),

built_days as (
    select
        as_of,
        max(build_number) as build_number
    from scores.history_builds
    where entity_type = $entity_type and scored > 0
    group by as_of
),

kept_scores as (
    select
        d.as_of,
        h.score,
        h.score_band
    from built_days as d
    inner join scores.history as h
        on d.as_of = h.as_of and d.build_number = h.build_number
    where
        h.entity_type = $entity_type
        and h.entity_id = $entity_id
        and h.score is not null
),

origins as (
    select count(*) > 0 as is_handed_over
    from scores.models
    where entity_type = $entity_type and calibrated_on = 'handed over'
),

days as (
    select
        coalesce(s.as_of, k.as_of) as as_of,
        s.score,
        s.score_band,
        k.score as kept_score,
        k.score_band as kept_band,
        case
            when k.as_of is not null or s.is_latest then 'then'
            when d.as_of is not null then 'low'
            when o.is_handed_over then 'handed'
            else 'rescored'
        end as basis
    from own_scores as s
    full outer join kept_scores as k on s.as_of = k.as_of
    left join built_days as d on s.as_of = d.as_of
    cross join origins as o
)

select
    as_of,
    cast(
        case
            when basis = 'low' then null
            else coalesce(kept_score, score)
        end as double
    ) as score,
    case
        when basis = 'low' then 'LOW'
        else coalesce(kept_band, score_band)
    end as score_band,
    basis
from days
order by as_of asc nulls last
