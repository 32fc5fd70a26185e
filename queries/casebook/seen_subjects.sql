-- What was said of some subjects when somebody decided: score, alert, ring and model.
--
-- grain:   entity_key
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key       varchar  type:id
--          market           varchar
--          peer_group       varchar
--          as_of            date     day the data stand at
--          probability      double   that it is bad, calibrated, 0..1
--          score            double   the model's part of it
--          signal_share     double   what its signals alone would say
--          model_band       varchar
--          score_band       varchar
--          alert_id         varchar  null = no alert is open
--          alert_lane       varchar
--          alert_typology   varchar
--          alert_opened_on  date
--          alert_opened_by  varchar
--          queue_place      bigint
--          exposure_usd     double   USD still to be lost
--          held_usd         double
--          value_usd        double   of reviewing it
--          ring_id          varchar  null = in no ring
--          ring_role        varchar
--          model_version    varchar  null = no model scores its type
with models as (
    select
        entity_type,
        max_by(model_version, as_of) as model_version
    from scores.models
    group by entity_type
)

select
    k.entity_key,
    e.market,
    e.peer_group,
    b.as_of,
    cast(p.probability as double) as probability,
    cast(p.score as double) as score,
    cast(p.signal_share as double) as signal_share,
    p.model_band,
    p.score_band,
    a.alert_id,
    a.lane as alert_lane,
    a.typology as alert_typology,
    cast(a.opened_on as date) as alert_opened_on,
    a.opened_by as alert_opened_by,
    cast(a.queue_place as bigint) as queue_place,
    cast(a.exposure_usd as double) as exposure_usd,
    cast(a.held_usd as double) as held_usd,
    cast(a.value_usd as double) as value_usd,
    r.ring_id,
    r.role as ring_role,
    m.model_version
from subjects_of($keys) as k
cross join meta.build as b
inner join graph.entities as e
    on k.entity_type = e.entity_type and k.entity_id = e.entity_id
left join alerts.probabilities as p
    on k.entity_type = p.entity_type and k.entity_id = p.entity_id
left join alerts.alerts as a
    on k.entity_type = a.entity_type and k.entity_id = a.entity_id
left join rings.members as r
    on k.entity_type = r.entity_type and k.entity_id = r.entity_id
left join models as m on k.entity_type = m.entity_type
order by k.entity_key asc
