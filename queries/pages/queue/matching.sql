-- Whoever waits and fits the filters of the queue, one by one: whom "all that match" is about.
--
-- A case is listed where one of its members fits; here the others of it are left out.
--
-- grain:   entity_key
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
--          limit             bigint
-- returns: entity_key    varchar  type:id
--          total_count   bigint   of them, before limit
--          case_count    bigint   cases that they stand in
--          beside_count  bigint   others of these cases, who do not fit
with members as (
    select *
    from
        waiting_members(
            $kinds, $markets, $typologies, $bands, $lanes, $states, $assignees,
            $search, $decided, $status, $kept, $worked_keys, $worked_states,
            $worked_assignees, $worked_verdicts, $moved_keys, $moved_cases
        )
),

cases as (
    select
        case_id,
        count(*) filter (where len(missed) > 0) as beside_count
    from members
    group by case_id
    having
        bool_or(len(missed) = 0)
        and bool_and(is_ended) = $is_ended
        and max(as_of - opened_on) >= $least_days
        and coalesce(sum(exposure_usd), 0) + coalesce(sum(harm_usd), 0)
        >= $least_usd
),

sums as (
    select
        count(*) as case_count,
        cast(sum(beside_count) as bigint) as beside_count
    from cases
)

select
    m.entity_key,
    count(*) over () as total_count,
    s.case_count,
    s.beside_count
from members as m
inner join cases as c on m.case_id = c.case_id
cross join sums as s
where len(m.missed) = 0
order by m.queue_place asc nulls last, m.entity_key asc
limit $limit
