-- What moved: days of a metric, in a slice, that stand apart from what was to be expected.
--
-- Whatever lies, with any of its days, between two days, or was first seen then. What is bad
-- comes first, then what stands out most.
--
-- grain:   movement_id
-- params:  kpis     varchar[]  files of kpis; empty = every
--          markets  varchar[]  slices of these, or of none in particular; empty = every
--          since    date
--          until    date
--          limit    bigint
-- returns: movement_id  varchar
--          metric       varchar
--          kind         varchar  spike, shift, or leading: of a leading indicator
--          first_day    date
--          last_day     date
--          noticed_on   date     the first evening that shows it
--          dimension_a  varchar  null = everything
--          value_a      varchar
--          dimension_b  varchar
--          value_b      varchar
--          n            bigint   records behind the value
--          actual       double   numerator over denominator, or their sum
--          expected     double
--          low          double   nineteen in twenty usual values lie between
--          high         double
--          change       double   relative; null = nothing was to be expected
--          p_value      double
--          q_value      double   share of false ones among those as sure
--          direction    varchar  good, bad, none
--          rank         bigint   1 = stands out most of all
select
    movement_id,
    metric,
    kind,
    first_day,
    last_day,
    noticed_on,
    dimension_a,
    value_a,
    dimension_b,
    value_b,
    n,
    actual,
    expected,
    low,
    high,
    change,
    p_value,
    q_value,
    direction,
    rank
from noticing.movements
where
    is_chosen(cast($kpis as varchar[]), metric)
    and (
        (
            last_day >= cast($since as date)
            and first_day <= cast($until as date)
        )
        or noticed_on between cast($since as date) and cast($until as date)
    )
    and (
        coalesce(dimension_a, '') <> 'market'
        or is_chosen(cast($markets as varchar[]), value_a)
    )
    and (
        coalesce(dimension_b, '') <> 'market'
        or is_chosen(cast($markets as varchar[]), value_b)
    )
order by direction = 'bad' desc nulls last, rank asc nulls last
limit $limit
