-- The alerts of some subjects, most urgent first.
--
-- grain:   alert_id
-- params:  keys               varchar[]  list of type:id
-- returns: alert_id           varchar
--          entity_type        varchar
--          entity_id          varchar
--          name               varchar  as typed: hostile until escaped
--          market             varchar
--          lane               varchar  score | signals | unproven
--          typology           varchar  pack code
--          score              double   the model's, 0..1; null without a model
--          probability        double   that it is bad; null for the unproven
--          score_band         varchar  of the probability: LOW | MED | HIGH | CRIT
--          reason_1           varchar  feature name
--          reason_1_value     double
--          reason_1_peer      double   median of its peers
--          reason_2           varchar
--          reason_2_value     double
--          reason_2_peer      double
--          exposure_usd       double   money that can still be lost
--          value_usd          double   expected value of one review
--          priority           double   USD per analyst minute
--          review_minutes     double
--          opened_on          date
--          opened_by          varchar  ledger | rescored | handed
--          age_days           bigint
--          community_members  bigint
--          is_reserved        boolean  place not given by priority
--          queue_place        bigint   place in the day's work, 1 = next
--          typology_since     date     signals of its typology are strong since
--          judged_label       varchar  good | bad: last label; null = never judged
--          judged_on          date     day from which that label is known
--          reopened_by        varchar  behaviour | typology | band: new since
--                                      the last verdict; null = never judged
--          reopened_on        date
select
    a.alert_id,
    a.entity_type,
    a.entity_id,
    a.name,
    a.market,
    a.lane,
    a.typology,
    cast(a.score as double) as score,
    cast(a.probability as double) as probability,
    a.score_band,
    a.reason_1,
    cast(a.reason_1_value as double) as reason_1_value,
    cast(a.reason_1_peer as double) as reason_1_peer,
    a.reason_2,
    cast(a.reason_2_value as double) as reason_2_value,
    cast(a.reason_2_peer as double) as reason_2_peer,
    cast(a.exposure_usd as double) as exposure_usd,
    cast(a.value_usd as double) as value_usd,
    cast(a.priority as double) as priority,
    cast(a.review_minutes as double) as review_minutes,
    a.opened_on,
    a.opened_by,
    cast(b.as_of - a.opened_on as bigint) as age_days,
    cast(a.community_members as bigint) as community_members,
    a.is_reserved,
    cast(a.queue_place as bigint) as queue_place,
    a.typology_since,
    a.judged_label,
    a.judged_on,
    a.reopened_by,
    a.reopened_on
from alerts.alerts as a
cross join meta.build as b
where
    list_contains(
        cast($keys as varchar[]), a.entity_type || ':' || a.entity_id
    )
order by a.queue_place asc nulls last
