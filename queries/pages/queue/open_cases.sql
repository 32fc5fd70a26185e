-- One page of the queue: the cases in which somebody waits, most money first.
--
-- A case is a ring or a subject of its own (cases.members), unless the casebook has moved the
-- subject to another one. It counts whoever of it waits in the list that is open. Its
-- evidence is read once: the longest review of a member, and a few minutes for each other.
-- It is worth at least what its most urgent member is worth alone. One place in twenty
-- goes to a case that no priority would bring up (alerts.queue).
--
-- grain:   case_id
-- params:  entity_types  varchar[]  list, empty = every
--          markets       varchar[]  list, empty = every
--          typologies    varchar[]  list, empty = every
--          bands         varchar[]  list, empty = every
--          lanes         varchar[]  list of score | signals | unproven
--          search        varchar    in name or id of a member, '' = any
--          decided       varchar[]  list of type:id
--          status        varchar    open | decided | all
--          is_ended      boolean    those that have ended, else the day's work
--          moved_keys    varchar[]  list of type:id that an analyst moved ...
--          moved_cases   varchar[]  ... and the case of each, in the same order
--          sort          varchar    priority | probability | exposure | age
--          limit         bigint
--          offset        bigint
-- returns: case_id          varchar
--          entity_key       varchar    type:id of its most urgent member
--          alert_id         varchar    of that member
--          alert_count      bigint     members that wait
--          value_usd        double     USD of money and harm that reviewing it saves
--          exposure_usd     double     USD still to be lost, each event once
--          harm_usd         double
--          probability      double     highest of its members; null = unproven
--          review_minutes   double     of the whole case
--          priority         double     USD per analyst minute
--          age_days         bigint     of its oldest alert
--          is_reserved      boolean    place not given by priority
--          place            bigint     1 = next, before filters
--          minutes_to_here  double     of this case and all before it, before filters
--          total_count      bigint     cases that match, before limit
--          alert_total      bigint     alerts of those
--          exposure_total   double     USD at risk in those
--          minutes_total    double
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
),

moved as (
    select
        unnest(cast($moved_keys as varchar[])) as entity_key,
        unnest(cast($moved_cases as varchar[])) as case_id
),

waiting as (
    select
        a.*,
        m.entity_type || ':' || m.entity_id as entity_key,
        coalesce(o.case_id, m.case_id) as case_id,
        is_chosen(q.entity_types, a.entity_type)
        and is_chosen(q.markets, a.market)
        and is_chosen(q.typologies, a.typology)
        and is_chosen(q.bands, a.score_band)
        and list_contains(q.lanes, a.lane)
        and is_match(q.search, a.name, a.entity_id) as is_match
    from cases.members as m
    inner join alerts.alerts as a
        on m.entity_type = a.entity_type and m.entity_id = a.entity_id
    cross join params as q
    left join moved as o on m.entity_type || ':' || m.entity_id = o.entity_key
    where
        is_in_state(
            q.status, q.decided, a.entity_type || ':' || a.entity_id
        )
),

summed as (
    select
        case_id,
        arg_min(entity_key, queue_place) as entity_key,
        arg_min(alert_id, queue_place) as alert_id,
        count(*) as alert_count,
        sum(value_usd) as value_usd,
        sum(exposure_usd) as exposure_usd,
        sum(harm_usd) as harm_usd,
        max(probability) filter (where lane <> 'unproven') as probability,
        case_minutes(max(review_minutes), count(*)) as review_minutes,
        max(priority) as alone_priority,
        max(ageing_boost) as ageing_boost,
        max(as_of - opened_on) as age_days,
        bool_and(is_reserved) as is_reserved,
        bool_and(is_ended) as is_ended,
        bool_or(is_match) as is_match,
        min(queue_place) as queue_place
    from waiting
    group by case_id
),

prioritised as (
    select
        * exclude (alone_priority, ageing_boost),
        greatest(value_usd / review_minutes + ageing_boost, alone_priority)
            as priority
    from summed
),

ranked as (
    select
        *,
        row_number() over (
            partition by is_ended, is_reserved
            order by
                if(is_reserved, -queue_place, priority) desc nulls last,
                queue_place asc
        ) as rank
    from prioritised
),

slots as (
    select
        * exclude (rank),
        rank * reserve_every() / if(is_reserved, 1.0, reserve_every() - 1.0)
            as slot
    from ranked
),

places as (
    select
        *,
        row_number() over day as place,
        sum(review_minutes) over day as minutes_to_here
    from slots
    window day as (order by is_ended asc, slot asc, queue_place asc)
)

select
    p.case_id,
    p.entity_key,
    p.alert_id,
    p.alert_count,
    p.value_usd,
    p.exposure_usd,
    p.harm_usd,
    p.probability,
    p.review_minutes,
    p.priority,
    p.age_days,
    p.is_reserved,
    p.place,
    p.minutes_to_here,
    count(*) over () as total_count,
    cast(sum(p.alert_count) over () as bigint) as alert_total,
    sum(p.exposure_usd) over () as exposure_total,
    sum(p.review_minutes) over () as minutes_total
from places as p
cross join params as q
where p.is_match and p.is_ended = q.is_ended
order by
    case $sort
        when 'probability' then p.probability
        when 'exposure' then p.exposure_usd
        when 'age' then p.age_days
        else -p.place
    end desc nulls last,
    p.place asc nulls last
limit $limit offset $offset
