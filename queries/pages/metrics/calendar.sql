-- Known events inside a period, of the chosen markets or of every market.
--
-- An event is one stretch of time: its days are those of the clocks it holds for, from
-- the first to begin to the last to end. One that ends at midnight has not touched the
-- next day.
--
-- grain:   event_id
-- params:  since    date
--          until    date
--          markets  varchar[]  list, empty = every
-- returns: event_id   varchar
--          kind       varchar
--          title      varchar    as typed: hostile until escaped
--          market     varchar    null = every market
--          start_day  date       local
--          end_day    date       local, the last that it touches
with event_days as (
    select
        e.event_id,
        e.kind,
        e.title,
        e.market,
        min(local_day(e.starts_at, c.time_zone)) as start_day,
        max(
            local_day(
                greatest(e.starts_at, e.ends_at - interval 1 microsecond),
                c.time_zone
            )
        ) as end_day
    from metrics.events as e
    inner join metrics.clocks as c on e.market is null or e.market = c.market
    where is_chosen(cast($markets as varchar[]), c.market)
    group by e.event_id, e.kind, e.title, e.market
)

select
    event_id,
    kind,
    title,
    cast(market as varchar) as market,
    start_day,
    end_day
from event_days
where
    end_day >= cast($since as date)
    and start_day <= cast($until as date)
order by start_day asc nulls last, event_id asc nulls last
