-- What was to be expected of one metric each day, whole or of one value of a dimension.
--
-- grain:   day
-- params:  kpi          varchar  a file of kpis
--          dimension_a  varchar  '' = none: the total
--          value_a      varchar  '' = none
--          since        date
--          until        date
-- returns: day       date
--          expected  double  numerator over denominator, or their sum
--          low       double  nineteen in twenty usual days lie between
--          high      double
select
    day,
    expected,
    low,
    high
from noticing.bands
where
    metric = $kpi
    and coalesce(dimension_a, '') = $dimension_a
    and coalesce(value_a, '') = $value_a
    and day between cast($since as date) and cast($until as date)
order by day asc nulls last
