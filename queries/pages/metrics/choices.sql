-- What the daily metrics can be sliced by: each value that occurs.
--
-- grain:   dimension, choice
-- params:  none
-- returns: dimension  varchar  a dimension of metrics.cube
--          choice     varchar
--          orders     bigint
select
    dimension_a as dimension,
    value_a as choice,
    cast(sum(orders) as bigint) as orders
from metrics.groupings
where dimension_a is not null and dimension_b is null
group by dimension_a, value_a
order by dimension asc nulls last, choice asc nulls last
