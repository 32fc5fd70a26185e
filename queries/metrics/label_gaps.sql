-- Days on which verdicts did not arrive: whatever is counted by them has a hole there.
--
-- A day of an outage in the calendar that brought under half of the usual labels, and any day
-- without one where ten a day are usual.
--
-- grain:   day
-- params:  none
-- returns: day  date  UTC
with spans as (
    select
        min(day) as first_day,
        max(day) as last_day,
        count(*) / (max(day) - min(day) + 1.0) as labels_per_day
    from staging.labels
),

outages as (
    select
        cast(
            unnest(
                generate_series(
                    cast(starts_at as date),
                    cast(ends_at - interval 1 microsecond as date),
                    interval 1 day
                )
            ) as date
        ) as day,
        true as is_outage
    from metrics.events
    where kind = 'outage'
),

calendar_days as (
    select
        cast(
            unnest(generate_series(first_day, last_day, interval 1 day)) as date
        ) as day,
        labels_per_day
    from spans
),

label_days as (
    select
        day,
        count(*) as labels
    from staging.labels
    group by day
),

final as (
    select distinct c.day
    from calendar_days as c
    left join label_days as l on c.day = l.day
    left join outages as o on c.day = o.day
    where
        coalesce(l.labels, 0) < 0.5 * c.labels_per_day
        and (
            o.is_outage
            or (l.labels is null and c.labels_per_day >= 10.0)
        )
)

select * from final
