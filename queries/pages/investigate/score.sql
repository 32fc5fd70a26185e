-- How likely one entity is bad today, what that number is made of, and its place.
--
-- grain:   entity_type, entity_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: entity_type   varchar
--          entity_id     varchar
--          as_of         date
--          probability   double   that it is bad, calibrated, 0..1
--          score         double   the model's part of it; null without a model
--          signal_share  double   what its signals alone would say; null = no witness
--          strength      double   0..1 of its signals
--          typology      varchar  pack code of these signals
--          model_band    varchar  band of the score alone
--          score_band    varchar  band of the probability
--          cleared_on    date     day of the clearing that lowers it; null = none
--          place         bigint   1 = highest probability of its type
--          scored_count  bigint   entities of its type with a probability
with probability_ranks as (
    select
        *,
        rank() over (order by probability desc nulls last) as place,
        count(*) over () as scored_count
    from alerts.probabilities
    where entity_type = $entity_type
)

select
    entity_type,
    entity_id,
    as_of,
    cast(probability as double) as probability,
    cast(score as double) as score,
    cast(signal_share as double) as signal_share,
    cast(strength as double) as strength,
    typology,
    model_band,
    score_band,
    cast(cleared_on as date) as cleared_on,
    cast(place as bigint) as place,
    cast(scored_count as bigint) as scored_count
from probability_ranks
where entity_id = $entity_id
