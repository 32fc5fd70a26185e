-- How likely some entities are bad today, what that number is made of, and their place.
--
-- grain:   entity_key
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key    varchar  type:id
--          entity_type   varchar
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
        rank() over of_its_type as place,
        count(*) over (partition by entity_type) as scored_count
    from alerts.probabilities
    where
        entity_type in (select a.entity_type from subjects_of($keys) as a)
    window of_its_type as (
        partition by entity_type
        order by probability desc nulls last
    )
)

select
    k.entity_key,
    p.entity_type,
    p.entity_id,
    p.as_of,
    cast(p.probability as double) as probability,
    cast(p.score as double) as score,
    cast(p.signal_share as double) as signal_share,
    cast(p.strength as double) as strength,
    p.typology,
    p.model_band,
    p.score_band,
    cast(p.cleared_on as date) as cleared_on,
    cast(p.place as bigint) as place,
    cast(p.scored_count as bigint) as scored_count
from subjects_of($keys) as k
inner join probability_ranks as p
    on k.entity_type = p.entity_type and k.entity_id = p.entity_id
order by k.entity_key asc nulls last
