-- Entities that wait for an analyst, with every term of their priority.
--
-- Priority is expected money saved per analyst minute (see alerts.review_values), plus a boost
-- for waiting that grows evenly over `ageing_days` to `ageing_share` of a minute's cost.
-- A middling score is worth a person's time when a pack's signals say the same, or when
-- the money is: else an alert below HIGH must earn the minutes it takes, its age left out.
--
-- So that nothing starves, one place in twenty (`reserve_share`) is not given by
-- priority: in turn it goes to the oddest of lane `unproven`, which has no probability
-- and so no priority, and to the alert that has waited longest among the lower half.
-- The place of every alert in the day's work is `queue_place`.
--
-- grain:   alert_id
-- params:  minute_cost          double   USD an analyst minute costs
--          agreement_threshold  double   strength of signals that seconds a middling score
--          ageing_days          double   days of waiting after which it adds no more
--          ageing_share         double   of a minute's cost that waiting adds at most
--          reserve_share        double   share of places not given by priority
-- returns: alert_id                 varchar
--          entity_type              varchar
--          entity_id                varchar
--          name                     varchar   as typed
--          market                   varchar
--          lane                     varchar   score, signals or unproven
--          typology                 varchar   pack code or UNEXPLAINED
--          opened_on                date      since when above the line
--          window_start             date
--          window_end               date
--          as_of                    date
--          score                    double    calibrated, null without a model
--          score_band               varchar   LOW, MED, HIGH or CRIT
--          signal_probability       double    confirmed share behind signals
--          probability              double    p of the priority, null = unproven
--          reason_1                 varchar   feature that raises it most
--          reason_1_value           double
--          reason_1_peer            double    median of its peers
--          reason_2                 varchar
--          reason_2_value           double
--          reason_2_peer            double
--          community_id             varchar
--          community_members        bigint
--          exposure_usd             double    USD held, and USD of loss to come
--          sensitivity              double    share of bad a review finds
--          specificity              double    share of good a review clears
--          daily_loss_usd           double    USD a day, each event once
--          horizon_days             double    days until the money leaves
--          ring_share               double    0..1 left after sharing events
--          loss_bearer              varchar   who bears the largest part
--          loss_held_usd            double    USD held that is lost when paid out
--          loss_forward_usd         double    USD expected to be lost, held included
--          recoverable_share        double    0..1 of it an action saves
--          harm_usd                 double    USD of harm beyond money
--          false_positive_cost_usd  double    USD of acting wrongly
--          hold_cost_usd            double    USD of holding a good subject
--          review_minutes           double    analyst minutes
--          value_usd                double    USD expected to be saved
--          waiting_days             double    days since it opened
--          ageing_boost             double    USD a minute that waiting adds
--          priority                 double    USD per analyst minute
--          is_reserved              boolean   place not given by priority
--          queue_place              bigint    1 = next
with waiting as (
    select
        s.*,
        p.* exclude (entity_type, entity_id),
        cast(s.as_of - s.opened_on as double) as waiting_days,
        p.value_usd / p.review_minutes as earned
    from alerts.candidates as s
    inner join alerts.review_values as p
        on s.entity_type = p.entity_type and s.entity_id = p.entity_id
),

worth as (
    select
        *,
        $minute_cost * $ageing_share * least(waiting_days / $ageing_days, 1.0)
            as ageing_boost
    from waiting
    -- The money is the subject's own, before it is shared with its ring: whoever
    -- shares it may be cleared.
    where
        score_band is distinct from 'MED'
        or strength >= $agreement_threshold
        or earned >= $minute_cost * ring_share
),

described as (
    select
        'alt_' || substr(
            md5(
                w.entity_type || ':' || w.entity_id || ':' || w.typology
                || ':' || cast(w.opened_on as varchar)
            ),
            1,
            12
        ) as alert_id,
        w.entity_type,
        w.entity_id,
        e.name,
        e.market,
        w.lane,
        w.typology,
        w.opened_on,
        w.opened_on as window_start,
        w.as_of as window_end,
        w.as_of,
        w.score,
        w.score_band,
        w.signal_probability,
        w.probability,
        r.reason_1,
        r.reason_1_value,
        r.reason_1_peer,
        r.reason_2,
        r.reason_2_value,
        r.reason_2_peer,
        m.community_id,
        c.member_count as community_members,
        w.held_usd + w.daily_loss_usd * w.horizon_days as exposure_usd,
        w.sensitivity,
        w.specificity,
        w.daily_loss_usd,
        w.horizon_days,
        w.ring_share,
        w.loss_bearer,
        w.loss_held_usd,
        w.loss_forward_usd,
        w.recoverable_share,
        w.harm_usd,
        w.false_positive_cost_usd,
        w.hold_cost_usd,
        w.review_minutes,
        w.value_usd,
        w.waiting_days,
        w.ageing_boost,
        w.earned + w.ageing_boost as priority,
        w.novelty_rank
    from worth as w
    inner join graph.entities as e
        on w.entity_type = e.entity_type and w.entity_id = e.entity_id
    left join alerts.reasons as r
        on w.entity_type = r.entity_type and w.entity_id = r.entity_id
    left join communities.members as m
        on w.entity_type = m.entity_type and w.entity_id = m.entity_id
    left join communities.communities as c
        on m.community_id = c.community_id
),

ranked as (
    select
        *,
        row_number() over (
            order by priority desc nulls last, alert_id asc
        ) as money_place,
        floor($reserve_share * count(priority) over ()) as reserve
    from described
),

waited as (
    select
        alert_id,
        row_number() over (
            order by
                waiting_days desc nulls last,
                priority desc nulls last,
                alert_id asc
        ) as turn
    from ranked
    where
        lane <> 'unproven'
        and money_place > (select count(priority) / 2.0 from described)
),

odd as (
    select
        alert_id,
        row_number() over (
            order by novelty_rank asc nulls last, alert_id asc
        ) as turn
    from ranked
    where lane = 'unproven'
    qualify turn <= ceil(reserve / 2.0)
),

turns as (
    select
        alert_id,
        turn,
        0 as kind
    from odd
    union all
    select
        alert_id,
        turn,
        1 as kind
    from waited
),

reserved as (
    select
        alert_id,
        row_number() over (order by turn asc, kind asc) as reserve_place
    from turns
),

counted as (
    select
        r.*,
        coalesce(v.reserve_place <= r.reserve, false) as is_reserved,
        v.reserve_place
    from ranked as r
    left join reserved as v on r.alert_id = v.alert_id
),

kept as (
    select
        *,
        sum(if(is_reserved, 0, 1)) over (
            order by money_place asc
            rows unbounded preceding
        ) as kept_place
    from counted
    where lane <> 'unproven' or is_reserved
),

slotted as (
    select
        *,
        case
            when is_reserved
                then cast(reserve_place as double) / $reserve_share
            else cast(kept_place as double) / (1.0 - $reserve_share)
        end as slot
    from kept
),

placed as (
    select
        * exclude (
            money_place, reserve, reserve_place, kept_place, slot, novelty_rank
        ),
        row_number() over (order by slot asc, money_place asc) as queue_place
    from slotted
)

select * from placed
order by queue_place asc
