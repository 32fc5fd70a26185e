-- The terms behind the priority of one entity's alerts, best alert first.
--
-- grain:   alert_id
-- params:  entity_type  varchar
--          entity_id    varchar
-- returns: alert_id                 varchar
--          typology                 varchar
--          opened_on                date
--          window_start             date
--          window_end               date
--          age_days                 bigint
--          score                    double   probability that it is bad
--          exposure_usd             double   money that can still be lost
--          loss_forward_usd         double   expected loss up to the horizon
--          recoverable_share        double   share an action now can save
--          false_positive_cost_usd  double   cost of wrongly acting
--          review_minutes           double
--          value_usd                double   expected value of one review
--          priority                 double   USD per analyst minute
--          community_id             varchar
--          community_members        bigint
select
    a.alert_id,
    a.typology,
    a.opened_on,
    cast(a.window_start as date) as window_start,
    cast(a.window_end as date) as window_end,
    cast(b.as_of - a.opened_on as bigint) as age_days,
    cast(a.score as double) as score,
    cast(a.exposure_usd as double) as exposure_usd,
    cast(a.loss_forward_usd as double) as loss_forward_usd,
    cast(a.recoverable_share as double) as recoverable_share,
    cast(a.false_positive_cost_usd as double) as false_positive_cost_usd,
    cast(a.review_minutes as double) as review_minutes,
    cast(a.value_usd as double) as value_usd,
    cast(a.priority as double) as priority,
    a.community_id,
    cast(a.community_members as bigint) as community_members
from alerts.alerts as a
cross join meta.build as b
where a.entity_type = $entity_type and a.entity_id = $entity_id
order by a.priority desc nulls last, a.alert_id asc nulls last
