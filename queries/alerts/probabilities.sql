-- How likely each subject is bad today: the one number that every page shows.
--
-- The odds of its score, times the odds of the strength of its signals, times what verdicts
-- say of both (scores.signal_outcomes). Signals weaker than `agreement_threshold` change
-- nothing. Whoever has no score begins at the base rate of its type; whoever has neither
-- a score nor such signals has no number and no row. The band is that of the number.
--
-- grain:   entity_type, entity_id
-- params:  agreement_threshold  double  strength from which signals are a witness
--          most_strength        double  strength beyond which more say the same again
-- returns: entity_type   varchar
--          entity_id     varchar
--          as_of         date
--          score         double   the model's, null without one
--          model_band    varchar  band of the score, null without one
--          typology      varchar  pack code of what fits best; null = nothing does
--          strength      double   0..1 of its signals
--          signal_share  double   probability of an ordinary subject with such signals;
--                                 null where they are no witness
--          probability   double   0..1, calibrated
--          score_band    varchar  LOW, MED, HIGH or CRIT
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

primary_typologies as (
    select
        t.entity_type,
        t.entity_id,
        t.as_of,
        t.typology,
        t.strength,
        o.base_rate,
        case
            when t.strength >= $agreement_threshold
                then
                    ln(
                        least(t.strength, $most_strength)
                        / (1.0 - least(t.strength, $most_strength))
                    )
                    + o.log_odds
        end as signal_log_odds
    from scores.typologies as t
    left join scores.signal_outcomes as o
        on t.entity_type = o.entity_type and t.typology = o.typology
    where t.is_primary
),

subjects as (
    select
        coalesce(l.entity_type, k.entity_type) as entity_type,
        coalesce(l.entity_id, k.entity_id) as entity_id,
        coalesce(l.as_of, k.as_of) as as_of,
        l.score,
        l.score_band as model_band,
        k.typology,
        coalesce(k.strength, 0.0) as strength,
        k.signal_log_odds,
        k.base_rate,
        least(
            greatest(coalesce(l.score, k.base_rate), 1e-6), 1.0 - 1e-6
        ) as own_rate
    from latest_scores as l
    full outer join primary_typologies as k
        on l.entity_type = k.entity_type and l.entity_id = k.entity_id
    where l.entity_id is not null or k.signal_log_odds is not null
),

odds as (
    select
        *,
        1.0 / (1.0 + (1.0 - base_rate) / base_rate * exp(-signal_log_odds))
            as signal_share,
        case
            when signal_log_odds is null then score
            else
                1.0
                / (1.0 + (1.0 - own_rate) / own_rate * exp(-signal_log_odds))
        end as probability
    from subjects
),

final as (
    select
        p.entity_type,
        p.entity_id,
        p.as_of,
        p.score,
        p.model_band,
        p.typology,
        p.strength,
        p.signal_share,
        p.probability,
        coalesce(max_by(b.score_band, b.edge), 'LOW') as score_band
    from odds as p
    left join scores.bands as b on p.probability >= b.edge
    group by all
)

select * from final
