-- What the queue can be filtered by: each value with the cases that choosing it would list.
--
-- Each is counted under all other filters. Of a case one member that fits is enough.
--
-- grain:   dimension, choice
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
--          day_steps         bigint[]   days to count from
--          usd_steps         bigint[]   USD to count from
-- returns: dimension   varchar  kind | market | typology | band | lane | state |
--                               assignee | days | usd | ended
--          choice      varchar
--          case_count  bigint
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
        bool_and(is_ended) as is_ended,
        bool_or(len(missed) = 0) as is_match,
        max(as_of - opened_on) as days,
        coalesce(sum(exposure_usd), 0) + coalesce(sum(harm_usd), 0) as usd
    from members
    group by case_id
),

-- A ring is a kind beside those of its members, each is of any; the unproven have no typology.
named as (
    select
        case_id,
        missed,
        unnest([
            'kind', 'kind', 'kind', 'market', 'state', 'assignee',
            'typology', 'band', 'lane'
        ]) as dimension,
        unnest([
            'any', entity_type, if(case_id <> entity_key, 'ring', null),
            market, state, assignee,
            if(lane <> 'unproven', typology, null),
            if(lane <> 'unproven', score_band, null),
            if(lane <> 'unproven', lane, null)
        ]) as choice
    from members
),

steps as (
    select
        'days' as dimension,
        unnest(cast($day_steps as bigint[])) as step
    union all
    select
        'usd' as dimension,
        unnest(cast($usd_steps as bigint[])) as step
),

choices as (
    select distinct
        n.case_id,
        n.dimension,
        n.choice
    from named as n
    inner join cases as c on n.case_id = c.case_id
    where
        n.choice is not null
        and (len(n.missed) = 0 or n.missed = [n.dimension])
        and c.is_ended = $is_ended
        and c.days >= $least_days
        and c.usd >= $least_usd
    union all
    select
        c.case_id,
        s.dimension,
        cast(s.step as varchar) as choice
    from cases as c
    cross join steps as s
    where
        c.is_match
        and c.is_ended = $is_ended
        and c.days >= if(s.dimension = 'days', s.step, $least_days)
        and c.usd >= if(s.dimension = 'usd', s.step, $least_usd)
    union all
    select
        case_id,
        'ended' as dimension,
        'ended' as choice
    from cases
    where is_match and is_ended and days >= $least_days and usd >= $least_usd
)

select
    dimension,
    choice,
    count(*) as case_count
from choices
group by dimension, choice
order by dimension asc nulls last, choice asc nulls last
