-- Who could be worth an analyst's time today: the proposals that nobody has answered.
--
-- A verdict of a person since the alert opened is its answer. It comes back with what is
-- new since that verdict:
--
-- behaviour: it fell silent and opened again; for the convicted a snapshot of silence lies
--            between, for what opens on the next day is what they were convicted of.
-- typology:  signals of another scheme than the one convicted of have become strong.
-- band:      it was cleared, and its score has risen above the band it then had, as the
--            build of that day showed it (alerts.band_rises). Not for the convicted:
--            their own verdict teaches the model to score them higher.
--
-- grain:   entity_type, entity_id
-- params:  none
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
--          typology_since      date     signals of its typology are strong since
--          judged_label        varchar  bad or good, the last word; null = none
--          judged_on           date     day that word was known
--          reopened_by         varchar  behaviour, typology or band
--          reopened_on         date     since when there is something new
with last_verdicts as (
    select
        entity_type,
        entity_id,
        label as judged_label,
        typology as judged_typology,
        known_day as judged_on
    from facts.verdicts
    where replaced_day is null
),

next_snapshots as (
    select
        v.entity_type,
        v.entity_id,
        min(n.as_of) as next_as_of
    from last_verdicts as v
    inner join facts.snapshots as n
        on v.entity_type = n.entity_type and v.judged_on < n.as_of
    group by v.entity_type, v.entity_id
),

answers as (
    select
        p.*,
        o.opened_on as typology_since,
        v.judged_label,
        v.judged_on,
        case
            when
                p.typology <> coalesce(v.judged_typology, '')
                and o.opened_on > v.judged_on
                then 'typology'
            when
                p.opened_on > v.judged_on
                and (v.judged_label = 'good' or p.opened_on > n.next_as_of)
                then 'behaviour'
            when
                v.judged_label = 'good'
                and r.risen_on is not null
                and band_rank(l.model_band) > r.judged_rank
                then 'band'
        end as reopened_by,
        r.risen_on
    from alerts.proposals as p
    left join last_verdicts as v
        on p.entity_type = v.entity_type and p.entity_id = v.entity_id
    left join next_snapshots as n
        on p.entity_type = n.entity_type and p.entity_id = n.entity_id
    left join scores.signal_openings as o
        on
            p.entity_type = o.entity_type
            and p.entity_id = o.entity_id
            and p.typology = o.typology
    left join alerts.probabilities as l
        on p.entity_type = l.entity_type and p.entity_id = l.entity_id
    left join alerts.band_rises as r
        on p.entity_type = r.entity_type and p.entity_id = r.entity_id
),

final as (
    select
        * exclude (risen_on),
        case reopened_by
            when 'typology' then typology_since
            when 'behaviour' then opened_on
            when 'band' then risen_on
        end as reopened_on
    from answers
    where judged_on is null or reopened_by is not null
)

select * from final
