-- Alarms of a slice in a period, with the event announced nearest before each.
--
-- grain:   column_name, day
-- params:  slice         varchar  a market, or all
--          since         date
--          until         date
-- returns: column_name   varchar
--          day           date     local
--          kind          varchar  drift.data_alarms
--          low           double
--          high          double
--          level         varchar  as delivered: hostile until escaped
--          share_before  double   0..1
--          share         double   0..1
--          effect        double   Cohen's h
--          q_value       double
--          event         varchar  title as typed: hostile until escaped
select
    a.column_name,
    a.day,
    a.kind,
    a.low,
    a.high,
    a.level,
    a.share_before,
    a.share,
    a.effect,
    a.q_value,
    e.title as event
from drift.data_alarms as a
left join metrics.events as e on a.event_id = e.event_id
where
    a.market = $slice
    and a.day >= cast($since as date)
    and a.day <= cast($until as date)
order by a.day asc nulls last, a.column_name asc nulls last
