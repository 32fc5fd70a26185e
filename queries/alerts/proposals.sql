-- Who looks worth an analyst's time today, judged or not, why, and since when.
--
-- lane `score`: the model's band is above LOW. lane `signals`: the model is calm or
-- there is none, but a pack's signals are strong. Whoever has strong signals, in either
-- lane, is as likely bad as verdicts confirmed of labelled entities with signals as
-- strong (smoothed, see scores.signal_outcomes), or as the score says where that is
-- more; everybody else as the score says. lane `unproven`: unlike its peers in a way
-- that nothing explains (scores.anomalies); it has no probability.
--
-- grain:   entity_type, entity_id
-- params:  signal_threshold  double   strength that opens an alert
-- returns: entity_type         varchar
--          entity_id           varchar
--          as_of               date
--          lane                varchar  score, signals or unproven
--          typology            varchar  pack code or UNEXPLAINED
--          score               double   calibrated, null without a model
--          score_band          varchar  null without a model
--          signal_probability  double   confirmed share behind strong signals
--          probability         double   of being bad, null for the unproven
--          strength            double   0..1 of the signals of its typology
--          opened_on           date     since when
--          novelty_rank        bigint   of the unproven: 1 = oddest of its type
with latest_scores as (
    select
        s.entity_type,
        s.entity_id,
        s.as_of,
        s.score,
        s.score_band
    from scores.scores as s
    inner join facts.snapshots as n
        on s.entity_type = n.entity_type and s.as_of = n.as_of
    where n.is_latest
),

raised_scores as (
    select * from latest_scores
    where score_band <> 'LOW'
),

quiet_days as (
    select
        s.entity_type,
        s.entity_id,
        max(s.as_of) as as_of
    from scores.scores as s
    inner join raised_scores as l
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
    inner join raised_scores as l
        on s.entity_type = l.entity_type and s.entity_id = l.entity_id
    left join quiet_days as q
        on s.entity_type = q.entity_type and s.entity_id = q.entity_id
    where s.as_of > coalesce(q.as_of, date '1970-01-01')
    group by s.entity_type, s.entity_id
),

primary_typologies as (
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
        o.probability as signal_probability,
        greatest(l.score, coalesce(o.probability, 0.0)) as probability,
        coalesce(k.strength, 0.0) as strength,
        r.opened_on,
        cast(null as bigint) as novelty_rank
    from raised_scores as l
    inner join score_openings as r
        on l.entity_type = r.entity_type and l.entity_id = r.entity_id
    left join primary_typologies as k
        on
            l.entity_type = k.entity_type
            and l.entity_id = k.entity_id
            and l.as_of = k.as_of
    left join scores.signal_outcomes as o
        on
            k.entity_type = o.entity_type
            and k.typology = o.typology
            and k.strength >= $signal_threshold
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
        k.strength,
        p.opened_on,
        cast(null as bigint) as novelty_rank
    from primary_typologies as k
    inner join scores.signal_outcomes as o
        on k.entity_type = o.entity_type and k.typology = o.typology
    inner join scores.signal_openings as p
        on
            k.entity_type = p.entity_type
            and k.entity_id = p.entity_id
            and k.typology = p.typology
    left join latest_scores as l
        on k.entity_type = l.entity_type and k.entity_id = l.entity_id
    where
        k.strength >= $signal_threshold
        and coalesce(l.score_band, 'LOW') = 'LOW'
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
        l.score_band,
        cast(null as double) as signal_probability,
        cast(null as double) as probability,
        0.0 as strength,
        a.as_of as opened_on,
        a.rank as novelty_rank
    from scores.anomalies as a
    inner join facts.snapshots as n
        on a.entity_type = n.entity_type and a.as_of = n.as_of
    left join latest_scores as l
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
