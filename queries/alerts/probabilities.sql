-- How likely each subject is bad today: the one number that every page shows.
--
-- The odds of its score, times the odds of the strength of its signals, times what verdicts
-- say of both (scores.signal_outcomes). Signals weaker than `agreement_threshold` change
-- nothing. Who was cleared is what a reviewer missed: the odds are divided by how much more
-- often the good are cleared than the bad, until there is something that was not there when
-- somebody looked: strong signals of a scheme, or a score that rose to HIGH. Whoever has no
-- score begins at the base rate of its type; whoever has neither a score nor such signals
-- has no number and no row. The band is that of the number.
--
-- grain:   entity_type, entity_id
-- params:  agreement_threshold  double  strength from which signals are a witness
--          most_strength        double  strength beyond which more say the same again
--          sensitivity          double  share of bad subjects that a review finds
--          specificity          double  share of good subjects that a review clears
-- returns: entity_type   varchar
--          entity_id     varchar
--          as_of         date
--          score         double   the model's, null without one
--          model_band    varchar  band of the score, null without one
--          typology      varchar  pack code of what fits best; null = nothing does
--          strength      double   0..1 of its signals
--          signal_share  double   probability of an ordinary subject with such signals;
--                                 null where they are no witness
--          cleared_on    date     day of the clearing that lowers it; null = none does
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

clearings as (
    select
        v.entity_type,
        v.entity_id,
        v.known_day as cleared_on,
        coalesce(max_by(band_rank(s.score_band), s.as_of), 0) as cleared_rank
    from facts.verdicts as v
    left join scores.scores as s
        on
            v.entity_type = s.entity_type
            and v.entity_id = s.entity_id
            and v.known_day >= s.as_of
    where v.label = 'good' and v.replaced_day is null
    group by v.entity_type, v.entity_id, v.known_day
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
        case
            when
                band_rank(l.score_band) <= greatest(v.cleared_rank, 1)
                and (
                    k.signal_log_odds is null
                    or coalesce(n.opened_on, v.cleared_on) <= v.cleared_on
                )
                then v.cleared_on
        end as cleared_on,
        least(
            greatest(coalesce(l.score, k.base_rate), 1e-6), 1.0 - 1e-6
        ) as own_rate
    from latest_scores as l
    full outer join primary_typologies as k
        on l.entity_type = k.entity_type and l.entity_id = k.entity_id
    left join clearings as v
        on
            coalesce(l.entity_type, k.entity_type) = v.entity_type
            and coalesce(l.entity_id, k.entity_id) = v.entity_id
    left join scores.signal_openings as n
        on
            k.entity_type = n.entity_type
            and k.entity_id = n.entity_id
            and k.typology = n.typology
    where l.entity_id is not null or k.signal_log_odds is not null
),

witnesses as (
    select
        *,
        coalesce(signal_log_odds, 0.0)
        + if(
            cleared_on is null, 0.0, ln((1.0 - $sensitivity) / $specificity)
        ) as log_odds
    from subjects
),

odds as (
    select
        *,
        1.0 / (1.0 + (1.0 - base_rate) / base_rate * exp(-signal_log_odds))
            as signal_share,
        case
            when signal_log_odds is null and cleared_on is null then score
            else 1.0 / (1.0 + (1.0 - own_rate) / own_rate * exp(-log_odds))
        end as probability
    from witnesses
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
        p.cleared_on,
        p.probability,
        coalesce(max_by(b.score_band, b.edge), 'LOW') as score_band
    from odds as p
    left join scores.bands as b on p.probability >= b.edge
    group by all
)

select * from final
