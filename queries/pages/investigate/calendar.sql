-- Known events of one market that move metrics without being an attack.
--
-- One that ends at midnight has not touched the next day.
--
-- grain:   event_id
-- params:  market  varchar
--          since   date
-- returns: event_id   varchar
--          kind       varchar
--          title      varchar    as typed: hostile until escaped
--          start_day  date       local
--          end_day    date       local, the last that it touches
with event_days as (
    select
        e.event_id,
        e.kind,
        e.title,
        local_day(e.starts_at, c.time_zone) as start_day,
        local_day(
            greatest(e.starts_at, e.ends_at - interval 1 microsecond),
            c.time_zone
        ) as end_day
    from metrics.events as e
    inner join metrics.clocks as c on e.market is null or e.market = c.market
    where c.market = $market
)

select
    event_id,
    kind,
    title,
    start_day,
    end_day
from event_days
where end_day >= cast($since as date)
order by start_day asc nulls last, event_id asc nulls last
