-- Rows that broke a rule and were set aside, a line for each table and rule.
--
-- grain:   table_name, rule
-- params:  none
-- returns: table_name  varchar
--          rule        varchar
--          reason      varchar    why, as a person says it
--          row_count   bigint
--          examples    varchar[]  keys of at most three of the rows
select
    table_name,
    rule,
    min(reason) as reason,
    count(*) as row_count,
    list(cast(row_key as varchar) order by row_key asc nulls last)[1:3]
        as examples
from meta.set_aside
group by table_name, rule
order by table_name asc nulls last, rule asc nulls last
