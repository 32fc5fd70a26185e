-- Subjects that are named by their keys, and the days on which they were there.

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
