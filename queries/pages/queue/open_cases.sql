-- One page of the queue: the cases in which somebody waits, most money first.
--
-- A case is a ring or a subject of its own (cases.members), unless the casebook has moved the
-- subject to another one. It counts whoever of it waits in the list that is open. Its
-- evidence is read once: the longest review of a member, and a few minutes for each other.
-- It is worth at least what its most urgent member is worth alone. One place in twenty
-- goes to a case that no priority would bring up (alerts.queue).
--
-- grain:   case_id
-- params:  kinds             varchar[]  list of entity types and ring, empty = every
--          markets           varchar[]  list, empty = every
--          typologies        varchar[]  list, empty = every
--          bands             varchar[]  list, empty = every
--          lanes             varchar[]  list of score | signals | unproven
--          states            varchar[]  list of states of a case, empty = every
--          assignees         varchar[]  list, empty = every
--          search            varchar    in name or id of a member, '' = any
--          least_days        bigint     that its oldest alert waits, 0 = any
--          least_usd         double     of money and harm, 0 = any
--          decided           varchar[]  list of type:id
--          status            varchar    open | decided | all
--          is_ended          boolean    those that have ended, else the day's work
--          kept              varchar    type:id that waits even if decided, '' = nobody
--          worked_keys       varchar[]  list of type:id with a case in the casebook ...
--          worked_states     varchar[]  ... its state ...
--          worked_assignees  varchar[]  ... its assignee, '' = nobody ...
--          worked_verdicts   varchar[]  ... and last verdict: day bad | day good, '' = none
--          moved_keys        varchar[]  list of type:id that an analyst moved ...
--          moved_cases       varchar[]  ... and the case of each, in the same order
--          sort              varchar    priority | probability | exposure | age
--          limit             bigint
--          offset            bigint
-- returns: case_id          varchar
--          member_keys      varchar[]  type:id of those that wait, most urgent first
--          alert_count      bigint     members that wait
--          value_usd        double     USD of money and harm that reviewing it saves
--          exposure_usd     double     USD still to be lost, each event once
--          harm_usd         double
--          held_usd         double     USD not yet paid out
--          leaves_days      double     until the first of it is paid out; null = none is
--          probability      double     highest of its members; null = unproven
--          score_band       varchar    of that member
--          bad_count        bigint     members with a bad label before
--          good_count       bigint     members with a good label before
--          reopened_count   bigint     members with something new since a verdict
--          assigned_count   bigint     members that somebody has taken
--          assignee         varchar    one of those, null = nobody
--          review_minutes   double     of the whole case
--          priority         double     USD per analyst minute
--          age_days         bigint     of its oldest alert
--          is_reserved      boolean    place not given by priority
--          place            bigint     1 = next, before filters
--          minutes_to_here  double     of this case and all before it, before filters
--          total_count      bigint     cases that match, before limit
--          alert_total      bigint     alerts of those
--          exposure_total   double     USD at risk in those
--          harm_total       double
--          minutes_total    double
--          reopened_total   bigint     cases with something new since a verdict
with summed as (
    select
        case_id,
        list(entity_key order by queue_place) as member_keys,
        count(*) as alert_count,
        sum(value_usd) as value_usd,
        sum(exposure_usd) as exposure_usd,
        sum(harm_usd) as harm_usd,
        sum(held_usd) as held_usd,
        min(horizon_days) filter (where held_usd >= 1) as leaves_days,
        max(probability) filter (where lane <> 'unproven') as probability,
        arg_max(score_band, probability) filter (where lane <> 'unproven')
            as score_band,
        count(*) filter (where judged_label = 'bad') as bad_count,
        count(*) filter (where judged_label = 'good') as good_count,
        count(*) filter (where state = 'REOPENED') as reopened_count,
        count(assignee) as assigned_count,
        max(assignee) as assignee,
        case_minutes(max(review_minutes), count(*)) as review_minutes,
        max(priority) as alone_priority,
        max(ageing_boost) as ageing_boost,
        max(as_of - opened_on) as age_days,
        bool_and(is_reserved) as is_reserved,
        bool_and(is_ended) as is_ended,
        bool_or(len(missed) = 0) as is_match,
        min(queue_place) as queue_place
    from
        waiting_members(
            $kinds, $markets, $typologies, $bands, $lanes, $states, $assignees,
            $search, $decided, $status, $kept, $worked_keys, $worked_states,
            $worked_assignees, $worked_verdicts, $moved_keys, $moved_cases
        )
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
    window day as (
        partition by is_ended
        order by slot asc, queue_place asc
    )
)

select
    case_id,
    member_keys,
    alert_count,
    value_usd,
    exposure_usd,
    harm_usd,
    held_usd,
    leaves_days,
    probability,
    score_band,
    bad_count,
    good_count,
    reopened_count,
    assigned_count,
    assignee,
    review_minutes,
    priority,
    age_days,
    is_reserved,
    place,
    minutes_to_here,
    count(*) over () as total_count,
    cast(sum(alert_count) over () as bigint) as alert_total,
    sum(exposure_usd) over () as exposure_total,
    sum(harm_usd) over () as harm_total,
    sum(review_minutes) over () as minutes_total,
    cast(sum(cast(reopened_count > 0 as int)) over () as bigint)
        as reopened_total
from places
where
    is_match
    and is_ended = $is_ended
    and age_days >= $least_days
    and coalesce(exposure_usd, 0) + coalesce(harm_usd, 0) >= $least_usd
order by
    case $sort
        when 'probability' then probability
        when 'exposure' then exposure_usd
        when 'age' then age_days
        else -place
    end desc nulls last,
    place asc nulls last
limit $limit offset $offset
