-- When a story of the sample marketplace plays, as dates of these data.
--
-- grain:   starts_on
-- params:  first_day  bigint  counted from the first day of the data
--          last_day   bigint
-- returns: starts_on  date
--          ends_on    date
select
    cast(min(day) + cast($first_day as integer) as date) as starts_on,
    cast(min(day) + cast($last_day as integer) as date) as ends_on
from staging.orders
