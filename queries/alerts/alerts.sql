-- Entities that wait for an analyst, with every term of their priority.
--
-- alerts.review_values says what a review is worth and alerts.queue in which order they
-- are worked.
--
-- grain:   alert_id
-- params:  none
-- returns: alert_id                 varchar
--          entity_type              varchar
--          entity_id                varchar
--          name                     varchar   as typed
--          market                   varchar
--          lane                     varchar   score, signals or unproven
--          typology                 varchar   pack code or UNEXPLAINED
--          opened_on                date      since when it waits
--          opened_by                varchar   ledger: a build said so that day;
--                                             rescored: today's model does;
--                                             handed: handed-over scores do
--          window_start             date
--          window_end               date
--          as_of                    date
--          score                    double    the model's, null without one
--          score_band               varchar   band of the probability
--          signal_probability       double    of an ordinary subject with such signals
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
--          loss_bearer              varchar   who bears the largest part; nobody
--                                             where no money is lost, null where
--                                             none is known
--          held_usd                 double    USD held, its part of a ring's
--          loss_held_usd            double    USD held that is lost when paid out
--          loss_forward_usd         double    USD expected to be lost, held included
--          recoverable_share        double    0..1 of it an action saves
--          harm_usd                 double    USD of harm beyond money
--          stake_usd                double    USD an action saves, were it alone
--          false_positive_cost_usd  double    USD of acting wrongly
--          hold_cost_usd            double    USD of holding a good subject
--          review_minutes           double    analyst minutes
--          value_usd                double    USD expected to be saved
--          value_low_usd            double    the same with the least harm a pack allows
--          value_high_usd           double    with the most
--          waiting_days             double    days since it opened
--          ageing_boost             double    USD a minute that waiting adds
--          priority                 double    USD per analyst minute
--          is_reserved              boolean   place not given by priority
--          is_severe                boolean   certain, and much is at stake
--          is_ended                 boolean   nothing is left to save
--          queue_place              bigint    1 = next
--          typology_since           date        its signals are strong since
--          judged_label             varchar   last word on it, bad or good
--          judged_on                date      day that word was known
--          reopened_by              varchar   behaviour, typology or band
--          reopened_on              date      something is new since

-- Whoever a pack says loses, for who has nothing of 30 days to tell it by.
with bearer_ranks as (
    select
        typology,
        entity_type,
        bearer,
        row_number() over (
            partition by typology, entity_type
            order by share desc nulls last, bearer asc nulls last
        ) as place
    from alerts.loss_terms
),

final as (
    select
        q.alert_id,
        s.entity_type,
        s.entity_id,
        e.name,
        e.market,
        s.lane,
        s.typology,
        o.opened_on,
        o.opened_by,
        o.opened_on as window_start,
        s.as_of as window_end,
        s.as_of,
        s.score,
        s.score_band,
        s.signal_probability,
        s.probability,
        r.reason_1,
        r.reason_1_value,
        r.reason_1_peer,
        r.reason_2,
        r.reason_2_value,
        r.reason_2_peer,
        m.community_id,
        c.member_count as community_members,
        v.held_usd + v.daily_loss_usd * v.horizon_days as exposure_usd,
        v.sensitivity,
        v.specificity,
        v.daily_loss_usd,
        v.horizon_days,
        v.ring_share,
        case
            when v.loss_forward_usd > 0.0 then coalesce(v.loss_bearer, b.bearer)
            when v.loss_forward_usd is not null then 'nobody'
        end as loss_bearer,
        v.held_usd,
        v.loss_held_usd,
        v.loss_forward_usd,
        v.recoverable_share,
        v.harm_usd,
        v.stake_usd,
        v.false_positive_cost_usd,
        v.hold_cost_usd,
        v.review_minutes,
        v.value_usd,
        v.value_low_usd,
        v.value_high_usd,
        q.waiting_days,
        q.ageing_boost,
        q.priority,
        q.is_reserved,
        q.is_severe,
        q.is_ended,
        q.queue_place,
        s.typology_since,
        s.judged_label,
        s.judged_on,
        s.reopened_by,
        s.reopened_on
    from alerts.queue as q
    inner join alerts.candidates as s
        on q.entity_type = s.entity_type and q.entity_id = s.entity_id
    inner join alerts.openings as o
        on q.entity_type = o.entity_type and q.entity_id = o.entity_id
    inner join alerts.review_values as v
        on q.entity_type = v.entity_type and q.entity_id = v.entity_id
    inner join graph.entities as e
        on q.entity_type = e.entity_type and q.entity_id = e.entity_id
    left join bearer_ranks as b
        on
            s.entity_type = b.entity_type
            and s.typology = b.typology
            and b.place = 1
    left join alerts.reasons as r
        on q.entity_type = r.entity_type and q.entity_id = r.entity_id
    left join communities.members as m
        on q.entity_type = m.entity_type and q.entity_id = m.entity_id
    left join communities.communities as c
        on m.community_id = c.community_id
)

select * from final
order by queue_place asc
