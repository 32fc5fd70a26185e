-- Who could be worth an analyst's time today, why, and since when.
--
-- lane `score`: the model's band is above LOW. lane `signals`: the model is calm or
-- there is none, but a pack's signals are strong; its probability is the share that
-- verdicts confirmed of labelled entities with signals as strong (smoothed, see
-- scores.signal_outcomes), or the score where that is greater.
--
-- grain:   entity_type, entity_id
-- params:  signal_line  double   strength that opens an alert
-- returns: entity_type         varchar
--          entity_id           varchar
--          as_of               date
--          lane                varchar  score or signals
--          typology            varchar  pack code or UNEXPLAINED
--          score               double   calibrated, null without a model
--          score_band          varchar  null without a model
--          signal_probability  double   confirmed share behind strong signals
--          probability         double   of being bad
--          opened_on           date     since when
with latest as (
    select
        s.entity_type,
        s.entity_id,
        s.as_of,
        s.score,
        s.score_band
    from scores.scores as s
    inner join features.snapshots as n
        on s.entity_type = n.entity_type and s.as_of = n.as_of
    where n.is_latest
),

scored as (
    select * from latest
    where score_band <> 'LOW'
),

quiet_days as (
    select
        s.entity_type,
        s.entity_id,
        max(s.as_of) as as_of
    from scores.scores as s
    inner join scored as l
        on s.entity_type = l.entity_type and s.entity_id = l.entity_id
    where s.score_band = 'LOW'
    group by s.entity_type, s.entity_id
),

risen as (
    select
        s.entity_type,
        s.entity_id,
        min(s.as_of) as opened_on
    from scores.scores as s
    inner join scored as l
        on s.entity_type = l.entity_type and s.entity_id = l.entity_id
    left join quiet_days as q
        on s.entity_type = q.entity_type and s.entity_id = q.entity_id
    where s.as_of > coalesce(q.as_of, date '1970-01-01')
    group by s.entity_type, s.entity_id
),

kinds as (
    select
        entity_type,
        entity_id,
        as_of,
        typology,
        strength
    from scores.typologies
    where is_primary
),

by_score as (
    select
        l.entity_type,
        l.entity_id,
        l.as_of,
        'score' as lane,
        coalesce(k.typology, 'UNEXPLAINED') as typology,
        l.score,
        l.score_band,
        cast(null as double) as signal_probability,
        l.score as probability,
        r.opened_on
    from scored as l
    inner join risen as r
        on l.entity_type = r.entity_type and l.entity_id = r.entity_id
    left join kinds as k
        on
            l.entity_type = k.entity_type
            and l.entity_id = k.entity_id
            and l.as_of = k.as_of
),

by_signals as (
    select
        k.entity_type,
        k.entity_id,
        k.as_of,
        'signals' as lane,
        k.typology,
        l.score,
        l.score_band,
        o.probability as signal_probability,
        greatest(o.probability, coalesce(l.score, 0.0)) as probability,
        p.opened_on
    from kinds as k
    inner join scores.signal_outcomes as o
        on k.entity_type = o.entity_type and k.typology = o.typology
    inner join scores.signal_openings as p
        on
            k.entity_type = p.entity_type
            and k.entity_id = p.entity_id
            and k.typology = p.typology
    left join latest as l
        on k.entity_type = l.entity_type and k.entity_id = l.entity_id
    where k.strength >= $signal_line and coalesce(l.score_band, 'LOW') = 'LOW'
),

found as (
    select * from by_score
    union all
    select * from by_signals
),

-- Somebody has judged the subject since: the alert has had its answer.
answered as (
    select
        f.entity_type,
        f.entity_id
    from found as f
    inner join features.verdicts as v
        on f.entity_type = v.entity_type and f.entity_id = v.entity_id
    where v.known_day >= f.opened_on
    group by f.entity_type, f.entity_id
)

select f.*
from found as f
left join answered as a
    on f.entity_type = a.entity_type and f.entity_id = a.entity_id
where a.entity_id is null
