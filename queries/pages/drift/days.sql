-- Each column day by day against the 28 days before, with the noise of that day.
--
-- grain:   column_name, day
-- params:  slice        varchar  a market, or all
-- returns: column_name  varchar
--          day          date     local
--          psi          double
--          psi_floor    double   exceeded by chance in one day of a hundred
--          is_alarm     boolean
select
    column_name,
    day,
    psi,
    psi_floor,
    is_alarm
from drift.data_days
where market = $slice and against = 'trailing'
order by column_name asc nulls last, day asc nulls last
