-- The time zone of each market, for the working hours of who works there.
--
-- grain:   market
-- params:  none
-- returns: market     varchar
--          time_zone  varchar  of the IANA database
select
    market,
    time_zone
from staging.markets
where time_zone is not null
order by market asc
