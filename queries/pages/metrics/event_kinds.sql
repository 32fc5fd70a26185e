-- Which kinds of subjects make a metric that no order makes.
--
-- grain:   entity_type
-- params:  kpi          varchar  code of the metric
-- returns: entity_type  varchar
select distinct entity_type
from alerts.metric_events
where metric = $kpi
order by entity_type asc nulls last
