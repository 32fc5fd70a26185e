-- Every raw table as this build took it: rows, first and last day.
--
-- grain:   table_name
-- params:  none
-- returns: table_name  varchar
--          row_count   bigint
--          clock       varchar    column of the two instants; null = has none
--          first_at    timestamp
--          last_at     timestamp
select
    table_name,
    row_count,
    clock,
    cast(first_at as timestamp) as first_at,
    cast(last_at as timestamp) as last_at
from meta.delivered
order by table_name asc nulls last
