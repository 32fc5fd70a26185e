-- What became of the alerts of each week: confirmed, cleared or without a verdict.
--
-- Every count of a week is of the alerts that opened in it, and of the first verdict within
-- as many days as each of them had, so a share of them is a rate and weeks can be compared.
-- Only alerts that a build saw open on its own day count: of those that were there before
-- the first build, whoever had been judged is missing. A week is mature when the last of
-- its alerts has had its days. A buyer has no category: a chosen category leaves buyers out.
--
-- grain:   week
-- params:  since        date
--          until        date
--          within_days  bigint
--          markets      varchar[]  list, empty = every
--          categories   varchar[]  list, empty = every
-- returns: week       date     its Monday, UTC
--          opened     bigint   alerts that opened in the week
--          confirmed  bigint   called bad within so many days of opening
--          cleared    bigint   called good within them
--          unjudged   bigint   neither
--          is_mature  boolean  all of them have had so many days
with today as (
    select max(as_of) as as_of from scores.history_builds
),

seen_alerts as (
    select
        h.entity_type,
        h.entity_id,
        h.opened_on
    from scores.history as h
    left join graph.entities as e
        on h.entity_type = e.entity_type and h.entity_id = e.entity_id
    where
        h.opened_by = 'ledger'
        and h.lane <> 'unproven'
        and h.opened_on >= cast($since as date)
        and h.opened_on <= cast($until as date)
        and is_chosen(cast($markets as varchar[]), e.market)
        and is_chosen(cast($categories as varchar[]), e.category)
    group by h.entity_type, h.entity_id, h.opened_on
),

first_words as (
    select
        a.opened_on,
        v.label,
        row_number() over (
            partition by a.entity_type, a.entity_id, a.opened_on
            order by v.known_day asc nulls last, v.label_id asc nulls last
        ) as place
    from seen_alerts as a
    left join facts.verdicts as v
        on
            a.entity_type = v.entity_type
            and a.entity_id = v.entity_id
            and a.opened_on <= v.known_day
            and a.opened_on + cast($within_days as integer) >= v.known_day
),

weeks as (
    select
        cast(date_trunc('week', opened_on) as date) as week,
        count(*) as opened,
        count(*) filter (where label = 'bad') as confirmed,
        count(*) filter (where label = 'good') as cleared,
        count(*) filter (where label is null) as unjudged
    from first_words
    where place = 1
    group by date_trunc('week', opened_on)
)

select
    w.week,
    cast(w.opened as bigint) as opened,
    cast(w.confirmed as bigint) as confirmed,
    cast(w.cleared as bigint) as cleared,
    cast(w.unjudged as bigint) as unjudged,
    w.week + 6 + cast($within_days as integer) < t.as_of as is_mature
from weeks as w
cross join today as t
order by w.week desc
