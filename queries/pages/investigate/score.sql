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
with own_rows as (
    select
        k.entity_key,
        p.*
    from subjects_of($keys) as k
    inner join alerts.probabilities as p
        on k.entity_type = p.entity_type and k.entity_id = p.entity_id
),

-- Counted for these: ranking everybody sorts the whole type.
places as (
    select
        o.entity_key,
        1 + count(*) filter (
            where p.probability > o.probability
            or (o.probability is null and p.probability is not null)
        ) as place,
        count(*) as scored_count
    from own_rows as o
    inner join alerts.probabilities as p on o.entity_type = p.entity_type
    group by o.entity_key
)

select
    o.entity_key,
    o.entity_type,
    o.entity_id,
    o.as_of,
    cast(o.probability as double) as probability,
    cast(o.score as double) as score,
    cast(o.signal_share as double) as signal_share,
    cast(o.strength as double) as strength,
    o.typology,
    o.model_band,
    o.score_band,
    cast(o.cleared_on as date) as cleared_on,
    cast(r.place as bigint) as place,
    cast(r.scored_count as bigint) as scored_count
from own_rows as o
inner join places as r on o.entity_key = r.entity_key
order by o.entity_key asc nulls last
