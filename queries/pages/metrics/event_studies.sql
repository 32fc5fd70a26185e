-- What announced changes did to rates of their market, the latest change first.
--
-- A change that moved nothing beyond chance has one row, of the rate that came nearest.
--
-- grain:   event_id, metric
-- params:  markets  varchar[]  empty = every
--          since    date       of the change
--          until    date
-- returns: event_id   varchar
--          kind       varchar   policy | release
--          title      varchar   as typed: hostile until escaped
--          market     varchar
--          day        date      local, the first on which it held
--          since      date      first and last day that are compared
--          until      date
--          metric     varchar
--          n_before   bigint
--          n_after    bigint
--          before     double
--          after      double
--          expected   double    before, moved as the other markets moved
--          low        double    ends of what was to be expected
--          high       double
--          is_effect  boolean   beyond chance, and large enough to matter
--          metrics    bigint    rates that were compared for this change
select
    event_id,
    kind,
    title,
    market,
    day,
    since,
    until,
    metric,
    n_before,
    n_after,
    before,
    after,
    expected,
    low,
    high,
    is_effect,
    count(*) over (partition by event_id) as metrics
from noticing.event_studies
where
    is_chosen(cast($markets as varchar[]), market)
    and day between cast($since as date) and cast($until as date)
qualify
    is_effect
    or (
        not bool_or(is_effect) over (partition by event_id)
        and row_number() over (
            partition by event_id order by p_value asc, metric asc
        ) = 1
    )
order by
    day desc nulls last,
    event_id asc nulls last,
    p_value asc nulls last,
    metric asc nulls last
