-- The raw rows behind one live alert, cell by cell.
--
-- grain:   feature, row_number, column_name
-- params:  alert_id     varchar
-- returns: feature      varchar  column of the features
--          value        double   of the feature, when the alert opened
--          row_number   bigint
--          column_name  varchar
--          cell         varchar  a mask where it is a person's identifier
select
    feature,
    value,
    row_number,
    column_name,
    cell
from live.evidence
where alert_id = $alert_id
order by
    feature asc,
    row_number asc,
    column_name asc
