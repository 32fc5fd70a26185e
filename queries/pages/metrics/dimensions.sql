-- What a metric is told apart by, and which two of these together.
--
-- grain:   dimension_a, dimension_b
-- params:  kpi          varchar  a file of kpis
-- returns: dimension_a  varchar
--          dimension_b  varchar  later in the alphabet; null = the first alone
select distinct
    dimension_a,
    dimension_b
from query_table('kpis.' || $kpi)
where dimension_a is not null
order by dimension_a asc nulls last, dimension_b asc nulls first
