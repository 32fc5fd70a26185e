-- One page of the queue: the alerts that match the filters, most money first.
--
-- One place in twenty is given otherwise (alerts.alerts, queue_place).
--
-- grain:   alert_id
-- params:  entity_types  varchar[]  list, empty = every
--          markets       varchar[]  list, empty = every
--          typologies    varchar[]  list, empty = every
--          bands         varchar[]  list, empty = every
--          lanes         varchar[]  list of score | signals | unproven
--          search        varchar    in name or id, '' = any
--          decided       varchar[]  list of type:id
--          status        varchar    open | decided | all
--          is_ended      boolean    those that have ended, else the day's work
--          sort          varchar    priority | probability | exposure | age
--          limit         bigint
--          offset        bigint
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
--          reopened_by        varchar  behaviour | typology | band: new since
--                                      the last verdict; null = never judged
--          reopened_on        date
with params as (
    select
        cast($entity_types as varchar[]) as entity_types,
        cast($markets as varchar[]) as markets,
        cast($typologies as varchar[]) as typologies,
        cast($bands as varchar[]) as bands,
        cast($lanes as varchar[]) as lanes,
        cast($decided as varchar[]) as decided,
        cast($status as varchar) as status,
        cast($is_ended as boolean) as is_ended,
        lower(cast($search as varchar)) as search
)

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
    a.reopened_by,
    a.reopened_on
from alerts.alerts as a
cross join params as q
cross join meta.build as b
where
    is_chosen(q.entity_types, a.entity_type)
    and is_chosen(q.markets, a.market)
    and is_chosen(q.typologies, a.typology)
    and is_chosen(q.bands, a.score_band)
    and list_contains(q.lanes, a.lane)
    and a.is_ended = q.is_ended
    and is_in_state(
        q.status, q.decided, a.entity_type || ':' || a.entity_id
    )
    and is_match(q.search, a.name, a.entity_id)
order by
    case $sort
        when 'probability' then a.probability
        when 'exposure' then a.exposure_usd
        when 'age' then cast(b.as_of - a.opened_on as double)
        else -a.queue_place
    end desc nulls last,
    a.alert_id asc nulls last
limit $limit offset $offset
