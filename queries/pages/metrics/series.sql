-- One metric day by day, in one grouping of at most two dimensions.
--
-- A rate of fewer than so many is suppressed: its value is null and `is_suppressed` says why.
--
-- grain:   day, value_a, value_b
-- params:  kpi            varchar    a file of kpis
--          dimension_a    varchar    '' = none: the total
--          dimension_b    varchar    later in the alphabet; '' = none
--          markets        varchar[]  where market is a dimension: these; empty = every
--          since          date
--          until          date
--          maturity_days  bigint     as the metric says
--          labels         boolean    as the metric says
--          least_n        bigint
-- returns: day            date
--          value_a        varchar
--          value_b        varchar
--          numerator      double
--          denominator    double   null = the numerator is the metric
--          n              bigint
--          value          double   null = suppressed, or nothing to divide by
--          is_suppressed  boolean  a rate of fewer than least_n
--          is_mature      boolean
with cells as (
    select
        *,
        denominator is not null and n < $least_n as is_suppressed
    from query_table('kpis.' || $kpi)
    where
        coalesce(dimension_a, '') = $dimension_a
        and coalesce(dimension_b, '') = $dimension_b
        and day between cast($since as date) and cast($until as date)
        and ($dimension_a <> 'market' or is_chosen($markets, value_a))
        and ($dimension_b <> 'market' or is_chosen($markets, value_b))
)

select
    c.day,
    c.value_a,
    c.value_b,
    c.numerator,
    c.denominator,
    c.n,
    case
        when c.is_suppressed then null
        else c.numerator / nullif(coalesce(c.denominator, 1.0), 0.0)
    end as value,
    c.is_suppressed,
    m.day is not null as is_mature
from cells as c
left join mature_days($markets, $maturity_days, $labels) as m on c.day = m.day
order by
    c.day asc nulls last, c.value_a asc nulls last, c.value_b asc nulls last
