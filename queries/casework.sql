-- What cases share, made known to the connection that runs them.

-- Minutes that a further member of a case takes, when the evidence it shares has been
-- read: docs/decisions/0104-a-ring-is-one-case.md.
create or replace temp macro member_minutes() as cast(3.0 as double);

-- Analyst minutes of a case, from its members' longest review and how many they are.
create or replace temp macro case_minutes(longest, members) as
longest + member_minutes() * (members - 1);

-- Places of the queue, of each of which one is not given by priority.
create or replace temp macro reserve_every() as 20;

-- The name of a filter that a value does not fit, null where it does.
create or replace temp macro missed_filter(filter_name, choices, value) as
if(is_chosen(cast(choices as varchar[]), value), null, filter_name);

-- The later of two verdicts, bad or good, null = none: one as in '2026-09-29 bad' or
-- '', the other as its day and label.
create or replace temp macro last_verdict(dated, judged_on, label) as
nullif(
    split_part(
        greatest(
            coalesce(dated, ''),
            coalesce(cast(judged_on as varchar) || ' ' || label, '')
        ),
        ' ', 2
    ),
    ''
);

-- Subjects named by keys of `type:id`, each once.
create or replace temp macro subjects_of(keys) as table (
    with named as (
        select distinct unnest(cast(keys as varchar[])) as entity_key
    )

    select
        entity_key,
        split_part(entity_key, ':', 1) as entity_type,
        substr(entity_key, strpos(entity_key, ':') + 1) as entity_id
    from named
);

-- Local days of subjects of one type, as far back as so many days before the build; whether
-- a day is of their last week, and the day on which they registered, null where nobody said.
create or replace temp macro days_of_subjects(keys, kind, days) as table (
    select
        k.entity_key,
        e.entity_id,
        d.day,
        d.is_mature,
        d.day > c.last_whole_day - 7 as is_last_week,
        local_day(e.registered_at, c.time_zone) as registered_on
    from subjects_of(keys) as k
    inner join graph.entities as e
        on k.entity_type = e.entity_type and k.entity_id = e.entity_id
    inner join metrics.clocks as c on e.market = c.market
    inner join metrics.local_days as d on e.market = d.market
    cross join meta.build as b
    where
        e.entity_type = kind
        and d.day >= b.as_of - cast(days as integer)
);
