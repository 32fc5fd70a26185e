-- Days of the markets chosen on which a metric is complete.
--
-- grain:   day
-- params:  markets        varchar[]  empty = every
--          maturity_days  bigint     as the metric says
--          labels         boolean    as the metric says
-- returns: day  date
select day
from mature_days($markets, $maturity_days, $labels)
order by day asc nulls last
