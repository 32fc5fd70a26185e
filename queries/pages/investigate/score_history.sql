-- How the scores of some entities moved, oldest first, as each build said on its day.
--
-- basis `then`: the last build of that day said so. `low`: that build scored its type
-- and kept no row of it, so it was Low; the score is not known. `rescored`: no build
-- of that day is kept, and today's model was put to what was known then. `handed`:
-- the same of a type whose scores were handed over, as their file has that day.
--
-- grain:   entity_key, as_of
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key  varchar  type:id
--          as_of       date
--          score       double   calibrated, 0..1; null where basis is low
--          score_band  varchar
--          basis       varchar  then | low | rescored | handed
with own_scores as (
    select
        k.entity_key,
        k.entity_type,
        s.as_of,
        s.score,
        s.score_band,
        s.as_of = max(s.as_of) over (partition by k.entity_key) as is_latest
    from subjects_of($keys) as k
    inner join scores.scores as s
        on k.entity_type = s.entity_type and k.entity_id = s.entity_id
),

built_days as (
    select * from day_builds(1)
),

kept_scores as (
    select
        k.entity_key,
        k.entity_type,
        d.as_of,
        h.score,
        h.score_band
    from subjects_of($keys) as k
    inner join scores.history as h
        on k.entity_type = h.entity_type and k.entity_id = h.entity_id
    inner join built_days as d
        on
            h.entity_type = d.entity_type
            and h.as_of = d.as_of
            and h.build_number = d.build_number
    where h.score is not null
),

both_scores as (
    select
        coalesce(s.entity_key, k.entity_key) as entity_key,
        coalesce(s.entity_type, k.entity_type) as entity_type,
        coalesce(s.as_of, k.as_of) as as_of,
        s.score,
        s.score_band,
        k.score as kept_score,
        k.score_band as kept_band,
        k.as_of is not null or s.is_latest as is_then
    from own_scores as s
    full outer join kept_scores as k
        on s.entity_key = k.entity_key and s.as_of = k.as_of
),

days as (
    select
        b.* exclude (is_then),
        case
            when b.is_then then 'then'
            when d.as_of is not null then 'low'
            when
                b.entity_type in (
                    select m.entity_type
                    from scores.models as m
                    where m.calibrated_on = 'handed over'
                ) then 'handed'
            else 'rescored'
        end as basis
    from both_scores as b
    left join built_days as d
        on b.entity_type = d.entity_type and b.as_of = d.as_of
)

select
    entity_key,
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
order by entity_key asc nulls last, as_of asc nulls last
