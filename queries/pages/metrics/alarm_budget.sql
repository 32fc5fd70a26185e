-- How many comparisons a week are made, and how many movements a week would be none.
--
-- grain:   metric
-- params:  none
-- returns: metric               varchar
--          comparisons          bigint  a week
--          false_alarms_a_week  double  as measured on sample worlds, its share
select
    metric,
    comparisons,
    false_alarms_a_week
from noticing.budget
order by metric asc nulls last
