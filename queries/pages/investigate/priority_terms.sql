-- The terms behind the priority of some entities' alerts, best alert of each first.
--
-- grain:   alert_id
-- params:  keys  varchar[]  list of type:id
-- returns: entity_key               varchar  type:id
--          alert_id                 varchar
--          lane                     varchar  score | signals
--          typology                 varchar
--          opened_on                date
--          opened_by                varchar  ledger | rescored | handed
--          window_start             date
--          window_end               date
--          age_days                 bigint
--          score                    double   the model's, null without one
--          signal_probability       double   of an ordinary subject with such signals
--          signals_labelled         bigint   judged with such signals
--          signals_confirmed        bigint   of them confirmed
--          probability              double   that it is bad: p of the formula
--          exposure_usd             double   money that can still be lost
--          sensitivity              double   share of bad a review finds
--          specificity              double   share of good a review clears
--          daily_loss_usd           double   USD a day, shared events once
--          horizon_days             double   days until the money leaves
--          ring_share               double   0..1 left after sharing events
--          loss_bearer              varchar  who bears the largest part, or nobody
--          held_usd                 double   held by us, its part of a ring's
--          loss_held_usd            double   held money lost when paid out
--          loss_forward_usd         double   expected loss up to the horizon
--          recoverable_share        double   share an action now can save
--          harm_usd                 double   harm beyond money
--          false_positive_cost_usd  double   cost of wrongly acting
--          hold_cost_usd            double   cost of holding a good subject
--          review_minutes           double
--          value_usd                double   expected value of one review
--          value_low_usd            double   with the least harm a pack allows
--          value_high_usd           double   with the most
--          waiting_days             double
--          ageing_boost             double   USD a minute that waiting adds
--          priority                 double   USD per analyst minute
--          is_reserved              boolean  placed by waiting, not by priority
--          is_severe                boolean  certain, and much is at stake
--          is_ended                 boolean  nothing is left to save
--          queue_place              bigint   1 = next
--          community_id             varchar
--          community_members        bigint
--          score_band               varchar  null without a model
--          typology_since           date
--          judged_label             varchar  bad | good, the last word on it
--          judged_on                date
--          reopened_by              varchar  behaviour | typology | band
--          reopened_on              date
select
    k.entity_key,
    a.alert_id,
    a.lane,
    a.typology,
    a.opened_on,
    a.opened_by,
    cast(a.window_start as date) as window_start,
    cast(a.window_end as date) as window_end,
    cast(b.as_of - a.opened_on as bigint) as age_days,
    cast(a.score as double) as score,
    cast(a.signal_probability as double) as signal_probability,
    cast(o.labelled as bigint) as signals_labelled,
    cast(o.confirmed as bigint) as signals_confirmed,
    cast(a.probability as double) as probability,
    cast(a.exposure_usd as double) as exposure_usd,
    cast(a.sensitivity as double) as sensitivity,
    cast(a.specificity as double) as specificity,
    cast(a.daily_loss_usd as double) as daily_loss_usd,
    cast(a.horizon_days as double) as horizon_days,
    cast(a.ring_share as double) as ring_share,
    a.loss_bearer,
    cast(a.held_usd as double) as held_usd,
    cast(a.loss_held_usd as double) as loss_held_usd,
    cast(a.loss_forward_usd as double) as loss_forward_usd,
    cast(a.recoverable_share as double) as recoverable_share,
    cast(a.harm_usd as double) as harm_usd,
    cast(a.false_positive_cost_usd as double) as false_positive_cost_usd,
    cast(a.hold_cost_usd as double) as hold_cost_usd,
    cast(a.review_minutes as double) as review_minutes,
    cast(a.value_usd as double) as value_usd,
    cast(a.value_low_usd as double) as value_low_usd,
    cast(a.value_high_usd as double) as value_high_usd,
    cast(a.waiting_days as double) as waiting_days,
    cast(a.ageing_boost as double) as ageing_boost,
    cast(a.priority as double) as priority,
    a.is_reserved,
    a.is_severe,
    a.is_ended,
    cast(a.queue_place as bigint) as queue_place,
    a.community_id,
    cast(a.community_members as bigint) as community_members,
    a.score_band,
    a.typology_since,
    a.judged_label,
    a.judged_on,
    a.reopened_by,
    a.reopened_on
from subjects_of($keys) as k
inner join alerts.alerts as a
    on k.entity_type = a.entity_type and k.entity_id = a.entity_id
cross join meta.build as b
left join scores.signal_outcomes as o
    on a.entity_type = o.entity_type and a.typology = o.typology
where a.lane <> 'unproven'
order by
    k.entity_key asc nulls last,
    a.priority desc nulls last,
    a.alert_id asc nulls last
