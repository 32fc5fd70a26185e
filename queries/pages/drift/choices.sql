-- Markets whose orders are watched, and which days of them.
--
-- grain:   market
-- params:  markets    varchar[]  list, empty = every
-- returns: market     varchar
--          first_day  date       local
--          last_day   date
select
    market,
    min(day) as first_day,
    max(day) as last_day
from drift.day_histograms
where is_chosen(cast($markets as varchar[]), market)
group by market
order by market asc nulls last
