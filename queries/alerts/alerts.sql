-- Entities that wait for an analyst, with every term of their priority.
--
-- A middling score is only worth a person's time when the money is: below HIGH an
-- alert must earn the minutes it takes.
--
-- Priority is expected money saved per analyst minute:
--   value_usd = p * se * loss_forward * recoverable
--             - (1 - p) * (1 - sp) * false_positive_cost
--   priority  = value_usd / review_minutes
-- with p the calibrated score, se and sp how often a review is right.
--
-- grain:   alert_id
-- params:  sensitivity            double   share of bad subjects a review finds
--          specificity            double   share of good subjects it clears
--          margin                 double   share of GMV a wrong action costs
--          wrong_days             double   days until a wrong action is undone
--          minute_cost            double   USD an analyst minute costs
--          default_minutes        double   minutes where no pack says so
--          default_horizon        double   days where no pack says so
--          default_recoverable    double   share where no pack says so
--          default_loss_share     double   share where no pack says so
-- returns: alert_id                  varchar
--          entity_type               varchar
--          entity_id                 varchar
--          name                      varchar   as typed
--          market                    varchar
--          typology                  varchar   pack code or UNEXPLAINED
--          opened_on                 date      since when above the band
--          window_start              date
--          window_end                date
--          as_of                     date
--          score                     double    calibrated probability
--          score_band                varchar   MED, HIGH or CRIT
--          reason_1                  varchar   feature that raises it most
--          reason_1_value            double
--          reason_1_peer             double    median of its peers
--          reason_2                  varchar
--          reason_2_value            double
--          reason_2_peer             double
--          community_id              varchar
--          community_members         bigint
--          exposure_usd              double    USD still to lose: held + forward
--          loss_forward_usd          double    USD expected to be lost
--          recoverable_share         double    0..1 of it an action saves
--          false_positive_cost_usd   double    USD of acting wrongly
--          review_minutes            double    analyst minutes
--          value_usd                 double    USD expected to be saved
--          priority                  double    USD per analyst minute
with latest as (
    select
        s.entity_type,
        s.entity_id,
        s.as_of,
        s.score,
        s.score_band
    from scores.scores as s
    inner join features.snapshots as n
        on s.entity_type = n.entity_type and s.as_of = n.as_of
    where n.is_latest and s.score_band <> 'LOW'
),

quiet_days as (
    select
        s.entity_type,
        s.entity_id,
        max(s.as_of) as as_of
    from scores.scores as s
    inner join latest as l
        on s.entity_type = l.entity_type and s.entity_id = l.entity_id
    where s.score_band = 'LOW'
    group by s.entity_type, s.entity_id
),

openings as (
    select
        s.entity_type,
        s.entity_id,
        min(s.as_of) as opened_on
    from scores.scores as s
    inner join latest as l
        on s.entity_type = l.entity_type and s.entity_id = l.entity_id
    left join quiet_days as q
        on s.entity_type = q.entity_type and s.entity_id = q.entity_id
    where s.as_of > coalesce(q.as_of, date '1970-01-01')
    group by s.entity_type, s.entity_id
),

-- Somebody has judged the subject since: the alert has had its answer.
answered as (
    select
        o.entity_type,
        o.entity_id
    from openings as o
    inner join features.verdicts as v
        on o.entity_type = v.entity_type and o.entity_id = v.entity_id
    where v.known_day >= o.opened_on
    group by o.entity_type, o.entity_id
),

raising as (
    select
        c.entity_type,
        c.entity_id,
        c.feature,
        c.value,
        c.peer_median,
        row_number() over (
            partition by c.entity_type, c.entity_id
            order by c.contribution desc nulls last, c.feature asc
        ) as place
    from explanations.contributions as c
    inner join latest as l
        on
            c.entity_type = l.entity_type
            and c.entity_id = l.entity_id
            and c.as_of = l.as_of
    where c.contribution > 0.0 and c.value is not null
),

reasons as (
    select
        entity_type,
        entity_id,
        max(feature) filter (where place = 1) as reason_1,
        max(value) filter (where place = 1) as reason_1_value,
        max(peer_median) filter (where place = 1) as reason_1_peer,
        max(feature) filter (where place = 2) as reason_2,
        max(value) filter (where place = 2) as reason_2_value,
        max(peer_median) filter (where place = 2) as reason_2_peer
    from raising
    where place <= 2
    group by entity_type, entity_id
),

judged as (
    select
        l.*,
        coalesce(t.typology, 'UNEXPLAINED') as typology,
        coalesce(p.recoverable_share, $default_recoverable)
            as recoverable_share,
        coalesce(p.review_minutes, $default_minutes) as review_minutes,
        coalesce(p.horizon_days, $default_horizon) as horizon_days,
        coalesce(p.loss_share, $default_loss_share) as loss_share
    from latest as l
    left join scores.typologies as t
        on
            l.entity_type = t.entity_type
            and l.entity_id = t.entity_id
            and l.as_of = t.as_of
            and t.is_primary
    left join scores.packs as p
        on t.typology = p.typology and l.entity_type = p.entity_type
),

valued as (
    select
        j.*,
        coalesce(x.held_usd, 0.0) as held_usd,
        coalesce(x.daily_flow_usd, 0.0) * j.horizon_days * j.loss_share
            as loss_forward_usd,
        coalesce(x.daily_gmv_usd, 0.0) * $margin * $wrong_days
            as false_positive_cost_usd
    from judged as j
    left join alerts.exposures as x
        on j.entity_type = x.entity_type and j.entity_id = x.entity_id
),

priced as (
    select
        *,
        score * $sensitivity * loss_forward_usd * recoverable_share
        - (1.0 - score) * (1.0 - $specificity) * false_positive_cost_usd
            as value_usd
    from valued
),

described as (
    select
        'alt_' || substr(
            md5(
                v.entity_type || ':' || v.entity_id || ':' || v.typology
                || ':' || cast(o.opened_on as varchar)
            ),
            1,
            12
        ) as alert_id,
        v.entity_type,
        v.entity_id,
        e.name,
        e.market,
        v.typology,
        o.opened_on,
        o.opened_on as window_start,
        v.as_of as window_end,
        v.as_of,
        v.score,
        v.score_band,
        r.reason_1,
        r.reason_1_value,
        r.reason_1_peer,
        r.reason_2,
        r.reason_2_value,
        r.reason_2_peer,
        m.community_id,
        c.member_count as community_members,
        v.held_usd + v.loss_forward_usd as exposure_usd,
        v.loss_forward_usd,
        v.recoverable_share,
        v.false_positive_cost_usd,
        v.review_minutes,
        v.value_usd,
        v.value_usd / v.review_minutes as priority
    from priced as v
    inner join graph.entities as e
        on v.entity_type = e.entity_type and v.entity_id = e.entity_id
    inner join openings as o
        on v.entity_type = o.entity_type and v.entity_id = o.entity_id
    left join answered as d
        on v.entity_type = d.entity_type and v.entity_id = d.entity_id
    left join reasons as r
        on v.entity_type = r.entity_type and v.entity_id = r.entity_id
    left join communities.members as m
        on v.entity_type = m.entity_type and v.entity_id = m.entity_id
    left join communities.communities as c
        on m.community_id = c.community_id
    where d.entity_id is null
)

select * from described
where score_band <> 'MED' or priority >= $minute_cost
order by priority desc nulls last, alert_id asc
