-- Who waited for a verdict at the end of each day, and for how long already.
--
-- A day on which builds stood has the queue of the last of them, without whom a verdict
-- came for since: what a later build thinks of that day changes nothing. The days before
-- the first build have its queue, each case since it opened. Besides, whoever was judged
-- waited from the day somebody looked until the day of the verdict. Days are UTC, as those
-- of alerts are.
--
-- grain:   day, entity_type, entity_id
-- params:  none
-- returns: day          date
--          entity_type  varchar
--          entity_id    varchar
--          market       varchar  of the subject
--          age_days     bigint   since it began to wait; 0 = on that day
with today as (
    select max(as_of) as as_of from facts.snapshots
),

build_days as (
    select b.*
    from day_builds(0) as b
    inner join today as t on b.as_of < t.as_of
),

queues as (
    select
        b.entity_type,
        h.entity_id,
        b.as_of,
        h.opened_on
    from build_days as b
    inner join scores.history as h
        on b.entity_type = h.entity_type and b.build_number = h.build_number
    where h.lane is not null
    union all
    select
        entity_type,
        entity_id,
        as_of,
        opened_on
    from alerts.alerts
),

every_build_day as (
    select
        entity_type,
        as_of
    from build_days
    union
    select
        k.entity_type,
        t.as_of
    from (select distinct entity_type from graph.entities) as k
    cross join today as t
),

spans as (
    select
        entity_type,
        as_of,
        lag(as_of) over (partition by entity_type order by as_of) is null
            as is_first,
        lead(as_of) over (partition by entity_type order by as_of) - 2
            as last_day
    from every_build_day
),

standing as (
    select
        q.entity_type,
        q.entity_id,
        q.opened_on - 1 as first_day,
        case when s.is_first then q.opened_on - 1 else q.as_of - 1 end
            as since_day,
        coalesce(s.last_day, q.as_of - 1) as until_day,
        min(v.known_day) - 1 as before_verdict
    from queues as q
    inner join spans as s
        on q.entity_type = s.entity_type and q.as_of = s.as_of
    left join facts.verdicts as v
        on
            q.entity_type = v.entity_type
            and q.entity_id = v.entity_id
            and q.as_of <= v.known_day
    where q.opened_on <= q.as_of
    group by
        q.entity_type, q.entity_id, q.as_of, q.opened_on, s.is_first, s.last_day
),

cases as (
    select
        entity_type,
        entity_id,
        first_day,
        since_day,
        least(until_day, coalesce(before_verdict, until_day)) as until_day
    from standing
    union all
    select
        entity_type,
        entity_id,
        cast(observed_at as date) as first_day,
        cast(observed_at as date) as since_day,
        cast(decided_at as date) - 1 as until_day
    from staging.labels
    where
        source in ('exploration', 'review', 'complaint', 'appeal')
        and cast(decided_at as date) > cast(observed_at as date)
),

days as (
    select
        entity_type,
        entity_id,
        first_day,
        cast(
            unnest(generate_series(since_day, until_day, interval 1 day))
            as date
        ) as day
    from cases
    where since_day <= until_day
),

final as (
    select
        d.day,
        d.entity_type,
        d.entity_id,
        e.market,
        cast(max(d.day - d.first_day) as bigint) as age_days
    from days as d
    inner join graph.entities as e
        on d.entity_type = e.entity_type and d.entity_id = e.entity_id
    group by d.day, d.entity_type, d.entity_id, e.market
)

select * from final
