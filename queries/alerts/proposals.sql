-- Who looks worth an analyst's time today, judged or not, why, and since when.
--
-- Each has one probability (alerts.probabilities) and its band. lane `score`: the model's
-- own band is above LOW. lane `signals`: the model is calm or there is none, but a pack's
-- signals are strong, or with the score they make a probability above LOW. lane
-- `unproven`: unlike its peers in a way that nothing explains (scores.anomalies); it has
-- no probability.
--
-- grain:   entity_type, entity_id
-- params:  signal_threshold     double   strength that always opens an alert
--          agreement_threshold  double   strength that does with the score's help
-- returns: entity_type         varchar
--          entity_id           varchar
--          as_of               date
--          lane                varchar  score, signals or unproven
--          typology            varchar  pack code or UNEXPLAINED
--          score               double   the model's, null without one
--          signal_probability  double   of an ordinary subject with such signals
--          probability         double   of being bad, null for the unproven
--          score_band          varchar  band of the probability; null = unproven
--          strength            double   0..1 of the signals of its typology
--          opened_on           date     since when
--          novelty_rank        bigint   of the unproven: 1 = oddest of its type
with raised_subjects as (
    select * from alerts.probabilities
    where model_band <> 'LOW'
),

quiet_days as (
    select
        s.entity_type,
        s.entity_id,
        max(s.as_of) as as_of
    from scores.scores as s
    inner join raised_subjects as l
        on s.entity_type = l.entity_type and s.entity_id = l.entity_id
    where s.score_band = 'LOW'
    group by s.entity_type, s.entity_id
),

score_openings as (
    select
        s.entity_type,
        s.entity_id,
        min(s.as_of) as opened_on
    from scores.scores as s
    inner join raised_subjects as l
        on s.entity_type = l.entity_type and s.entity_id = l.entity_id
    left join quiet_days as q
        on s.entity_type = q.entity_type and s.entity_id = q.entity_id
    where s.as_of > coalesce(q.as_of, date '1970-01-01')
    group by s.entity_type, s.entity_id
),

by_score as (
    select
        l.entity_type,
        l.entity_id,
        l.as_of,
        'score' as lane,
        coalesce(l.typology, 'UNEXPLAINED') as typology,
        l.score,
        l.signal_share as signal_probability,
        l.probability,
        l.score_band,
        l.strength,
        r.opened_on,
        cast(null as bigint) as novelty_rank
    from raised_subjects as l
    inner join score_openings as r
        on l.entity_type = r.entity_type and l.entity_id = r.entity_id
    where l.score_band <> 'LOW'
),

by_signals as (
    select
        k.entity_type,
        k.entity_id,
        k.as_of,
        'signals' as lane,
        k.typology,
        k.score,
        k.signal_share as signal_probability,
        k.probability,
        k.score_band,
        k.strength,
        p.opened_on,
        cast(null as bigint) as novelty_rank
    from alerts.probabilities as k
    inner join scores.signal_openings as p
        on
            k.entity_type = p.entity_type
            and k.entity_id = p.entity_id
            and k.typology = p.typology
    where
        coalesce(k.model_band, 'LOW') = 'LOW'
        and (
            k.strength >= $signal_threshold
            or k.strength >= $agreement_threshold and k.score_band <> 'LOW'
        )
),

suspicions as (
    select * from by_score
    union all
    select * from by_signals
),

anomalies as (
    select
        a.entity_type,
        a.entity_id,
        a.as_of,
        'unproven' as lane,
        'UNEXPLAINED' as typology,
        l.score,
        cast(null as double) as signal_probability,
        cast(null as double) as probability,
        cast(null as varchar) as score_band,
        0.0 as strength,
        a.as_of as opened_on,
        a.rank as novelty_rank
    from scores.anomalies as a
    inner join facts.snapshots as n
        on a.entity_type = n.entity_type and a.as_of = n.as_of
    left join alerts.probabilities as l
        on a.entity_type = l.entity_type and a.entity_id = l.entity_id
    left join suspicions as p
        on a.entity_type = p.entity_type and a.entity_id = p.entity_id
    where n.is_latest and a.is_surfaced and p.entity_id is null
),

final as (
    select * from suspicions
    union all
    select * from anomalies
)

select * from final
