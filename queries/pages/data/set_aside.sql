-- Rows that broke a rule and were set aside, a line for each table and reason.
--
-- grain:   raw_table, column_name, reason
-- params:  none
-- returns: raw_table    varchar
--          column_name  varchar    empty where the whole row is at fault
--          reason       varchar    why, as a person says it
--          row_count    bigint
--          examples     varchar[]  keys of at most three of the rows
select
    raw_table,
    coalesce(column_name, '') as column_name,
    reason,
    count(*) as row_count,
    list(row_key order by row_key asc nulls last)[1:3] as examples
from meta.set_aside
group by raw_table, coalesce(column_name, ''), reason
order by
    raw_table asc nulls last,
    column_name asc nulls last,
    reason asc nulls last
