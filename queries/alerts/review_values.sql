-- What a review of each suspect is worth, term by term.
--
--   value_usd = p * se * (loss_forward * recoverable + harm)
--             - (1 - p) * (1 - sp) * false_positive_cost
--             + (1 - p) * sp * hold_cost
--
-- with p the probability, se and sp how often a review of such a case is right.
-- The loss ahead is what is taken a day times the days until the money leaves (the mean
-- payout date of what is held now where known, never more than the pack says), and the
-- lost share of what is held now, which is gone when it is paid out. Harm is what the pack's
-- harm model says (alerts.harms). Acting wrongly costs trade that would have gone on, and
-- an appeal. Where nothing is lost, harmed or held any more the activity has ended:
-- a pack names what shows that its scheme goes on, else any trade may be part of it.
-- Without orders no money is known: amounts are null, and nothing has ended.
--
-- grain:   entity_type, entity_id
-- params:  sensitivity          double  share of bad subjects a review finds
--          specificity          double  share of good subjects it clears
--          margin               double  share of GMV a wrong action costs
--          wrong_days           double  days until a wrong action is undone
--          appeal_minutes       double  minutes that deciding its appeal takes
--          hold_cost            double  share of overdue money a hold costs
--          minute_cost          double  USD an analyst minute costs
--          default_minutes      double  minutes where no pack says so
--          default_horizon      double  days where no pack says so
--          default_recoverable  double  share where no pack says so
-- returns: entity_type              varchar
--          entity_id                varchar
--          sensitivity              double   share of bad subjects found
--          specificity              double   share of good subjects cleared
--          horizon_days             double   days until the money leaves
--          daily_loss_usd           double   USD a day, each event once
--          ring_share               double   0..1 left after sharing events
--          loss_bearer              varchar  who bears the largest part
--          held_usd                 double   USD held of the same share
--          loss_held_usd            double   USD of it that is lost when paid out
--          loss_forward_usd         double   USD expected to be lost
--          recoverable_share        double   0..1 of it an action saves
--          harm_usd                 double   USD of harm beyond money, each event once
--          stake_usd                double   USD an action saves, were it alone
--          is_ended                 boolean  no money and no harm is left to save
--          false_positive_cost_usd  double   USD of acting wrongly
--          hold_cost_usd            double   USD of holding a good subject
--          review_minutes           double   analyst minutes
--          value_usd                double   USD expected to be saved
--          value_low_usd            double   the same with the least harm a pack allows
--          value_high_usd           double   with the most
with review_terms as (
    select
        s.entity_type,
        s.entity_id,
        s.typology,
        s.probability,
        case s.entity_type
            when 'creator' then 'commission_usd'
            when 'buyer' then 'refund_usd'
            else 'gmv_usd'
        end as held_flow,
        coalesce(p.sensitivity, $sensitivity) as sensitivity,
        coalesce(p.specificity, $specificity) as specificity,
        coalesce(p.recoverable_share, $default_recoverable)
            as recoverable_share,
        coalesce(p.review_minutes, $default_minutes) as review_minutes,
        coalesce(p.horizon_days, $default_horizon) as longest_days
    from alerts.candidates as s
    left join scores.packs as p
        on s.typology = p.typology and s.entity_type = p.entity_type
),

held_terms as (
    select
        typology,
        entity_type,
        flow,
        least(sum(share), 1.0) as share
    from alerts.loss_terms
    group by typology, entity_type, flow
),

harm_terms as (
    select
        entity_type,
        entity_id,
        sum(harm_usd) as harm_usd,
        sum(harm_low_usd) as harm_low_usd,
        sum(harm_high_usd) as harm_high_usd,
        sum(alone_harm_usd) as alone_harm_usd,
        bool_or(is_activity) as is_active
    from alerts.harms
    group by entity_type, entity_id
),

-- Schemes whose pack says by what one sees that they go on.
dated_schemes as (
    select
        typology,
        entity_type
    from scores.pack_harms
    where is_activity
    group by typology, entity_type
),

-- What an amount without rows is: nothing beside orders, else unknown.
nothing as (
    select if(count(*) > 0, 0.0, null) as usd from staging.orders
),

stakes as (
    select
        j.*,
        coalesce(x.held_usd, n.usd) * coalesce(l.ring_share, 1.0) as held_usd,
        coalesce(h.share, 0.0) as held_lost_share,
        coalesce(l.daily_loss_usd, n.usd) as daily_loss_usd,
        coalesce(l.ring_share, 1.0) as ring_share,
        l.loss_bearer,
        least(
            j.longest_days,
            greatest(coalesce(x.payout_days, j.longest_days), 1.0)
        ) as horizon_days,
        d.typology is not null as is_dated,
        if(d.typology is null or coalesce(r.is_active, false), 1.0, 0.0)
            as goes_on,
        coalesce(r.harm_usd, n.usd) as harm_usd,
        coalesce(r.harm_low_usd, n.usd) as harm_low_usd,
        coalesce(r.harm_high_usd, n.usd) as harm_high_usd,
        coalesce(r.alone_harm_usd, n.usd) as alone_harm_usd,
        coalesce(x.gmv_ahead_usd, n.usd) * $margin * $wrong_days
        + $appeal_minutes * $minute_cost as false_positive_cost_usd,
        coalesce(x.overdue_usd, n.usd) * $hold_cost as hold_cost_usd,
        coalesce(x.gmv_usd, n.usd) > 0.0 as trades
    from review_terms as j
    cross join nothing as n
    left join alerts.exposures as x
        on j.entity_type = x.entity_type and j.entity_id = x.entity_id
    left join alerts.losses as l
        on j.entity_type = l.entity_type and j.entity_id = l.entity_id
    left join harm_terms as r
        on j.entity_type = r.entity_type and j.entity_id = r.entity_id
    left join dated_schemes as d
        on j.entity_type = d.entity_type and j.typology = d.typology
    left join held_terms as h
        on
            j.entity_type = h.entity_type
            and j.typology = h.typology
            and j.held_flow = h.flow
),

expected_losses as (
    select
        * replace (
            goes_on * daily_loss_usd as daily_loss_usd,
            goes_on * harm_usd as harm_usd,
            goes_on * harm_low_usd as harm_low_usd,
            goes_on * harm_high_usd as harm_high_usd,
            goes_on * alone_harm_usd as alone_harm_usd
        ),
        held_usd * held_lost_share as loss_held_usd,
        goes_on * daily_loss_usd * horizon_days + held_usd * held_lost_share
            as loss_forward_usd
    from stakes
),

-- Acting wrongly costs, freeing a good subject earns; harm is known only as a range.
values_of as (
    select
        *,
        probability * sensitivity as right_share,
        probability * sensitivity * loss_forward_usd * recoverable_share
        - (1.0 - probability) * (1.0 - specificity) * false_positive_cost_usd
        + (1.0 - probability) * specificity * hold_cost_usd as money_usd
    from expected_losses
)

select
    entity_type,
    entity_id,
    sensitivity,
    specificity,
    horizon_days,
    daily_loss_usd,
    ring_share,
    loss_bearer,
    held_usd,
    loss_held_usd,
    loss_forward_usd,
    recoverable_share,
    harm_usd,
    loss_forward_usd * recoverable_share / nullif(ring_share, 0.0)
    + alone_harm_usd as stake_usd,
    loss_forward_usd + harm_usd + hold_cost_usd is not null
    and loss_forward_usd + harm_usd + hold_cost_usd <= 0.0
    and (is_dated or not trades) as is_ended,
    false_positive_cost_usd,
    hold_cost_usd,
    review_minutes,
    money_usd + right_share * harm_usd as value_usd,
    money_usd + right_share * harm_low_usd as value_low_usd,
    money_usd + right_share * harm_high_usd as value_high_usd
from values_of
