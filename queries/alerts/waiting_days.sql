-- Who waited for a verdict at the end of each day, and for how long already.
--
-- Today's queue since it opened, and whoever was judged from the day somebody looked until
-- the day of the verdict. Days are UTC, as those of alerts are.
--
-- grain:   day, entity_type, entity_id
-- params:  none
-- returns: day          date
--          entity_type  varchar
--          entity_id    varchar
--          market       varchar  of the subject
--          age_days     bigint   since it began to wait; 0 = on that day
with cases as (
    select
        entity_type,
        entity_id,
        opened_on - 1 as first_day,
        as_of - 1 as last_day
    from alerts.alerts
    where opened_on <= as_of
    union all
    select
        entity_type,
        entity_id,
        cast(observed_at as date) as first_day,
        cast(decided_at as date) - 1 as last_day
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
            unnest(generate_series(first_day, last_day, interval 1 day)) as date
        ) as day
    from cases
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
