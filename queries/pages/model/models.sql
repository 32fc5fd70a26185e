-- The card of each entity type's model: what it learned from, how good it is.
--
-- grain:   entity_type
-- params:  none
-- returns: entity_type      varchar
--          model_version    varchar
--          as_of            date     whose verdicts taught
--          scored_on        date     the day of the build
--          training_rows    bigint
--          unlabelled_rows  bigint   of unjudged entities, as presumed good
--          unlabelled_weight  double  of these, in labelled entities
--          positives        bigint   matured bad labels
--          negatives        bigint   matured good labels
--          unknown          bigint   no matured label: neither good nor bad
--          trees            bigint
--          base_rate        double
--          base_rate_low    double   90 % interval
--          base_rate_high   double
--          lot_checks       bigint   drawn at random and judged
--          lot_finds        bigint   called bad of these
--          auprc            double   among those whom nobody has judged
--          auprc_low        double   90 % interval
--          auprc_high       double
--          calibrated_on    varchar  later period | cross-fitted | handed over
--          later_positives  bigint   bad verdicts of the later period
--          is_log_odds      boolean  margins are log odds; of handed-over scores they
--                                    are where each is that of its score
with handed_over as (
    select
        s.entity_type,
        bool_and(
            abs(
                1.0 / (1.0 + exp(-least(greatest(s.margin, -40.0), 40.0)))
                - s.score
            ) <= 0.01
        ) as is_log_odds
    from scores.scores as s
    where
        s.entity_type in (
            select m.entity_type
            from scores.models as m
            where m.calibrated_on = 'handed over'
        )
    group by s.entity_type
)

select
    entity_type,
    model_version,
    as_of,
    (select b.as_of from meta.build as b) as scored_on,
    cast(training_rows as bigint) as training_rows,
    cast(unlabelled_rows as bigint) as unlabelled_rows,
    cast(unlabelled_weight as double) as unlabelled_weight,
    cast(positives as bigint) as positives,
    cast(negatives as bigint) as negatives,
    cast(unknown as bigint) as unknown,
    cast(trees as bigint) as trees,
    cast(base_rate as double) as base_rate,
    cast(base_rate_low as double) as base_rate_low,
    cast(base_rate_high as double) as base_rate_high,
    cast(lot_checks as bigint) as lot_checks,
    cast(lot_finds as bigint) as lot_finds,
    cast(auprc as double) as auprc,
    cast(auprc_low as double) as auprc_low,
    cast(auprc_high as double) as auprc_high,
    calibrated_on,
    cast(later_positives as bigint) as later_positives,
    coalesce(
        (
            select h.is_log_odds
            from handed_over as h
            where h.entity_type = m.entity_type
        ),
        true
    ) as is_log_odds
from scores.models as m
qualify
    row_number() over (
        partition by entity_type
        order by as_of desc nulls last, model_version desc nulls last
    ) = 1
order by entity_type asc nulls last
