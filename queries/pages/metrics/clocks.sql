-- The clock of each market that sells, and which of its days the data hold whole.
--
-- grain:   market
-- params:  markets  varchar[]  list, empty = every
-- returns: market           varchar
--          time_zone        varchar
--          is_default       boolean  none was delivered: UTC
--          first_whole_day  date
--          last_whole_day   date
--          last_mature_day  date     its refunds are in
select
    market,
    time_zone,
    is_default,
    first_whole_day,
    last_whole_day,
    last_mature_day
from metrics.clocks
where has_orders and is_chosen(cast($markets as varchar[]), market)
order by market asc nulls last
