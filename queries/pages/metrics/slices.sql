-- One metric over two periods, in one grouping of at most two dimensions; mature days only.
--
-- grain:   value_a, value_b
-- params:  kpi            varchar    a file of kpis
--          dimension_a    varchar    '' = none: the total
--          dimension_b    varchar    later in the alphabet; '' = none
--          markets        varchar[]  where market is a dimension: these; empty = every
--          since          date
--          until          date
--          before_since   date       the period to compare with
--          before_until   date
--          maturity_days  bigint     as the metric says
--          labels         boolean    as the metric says
--          is_stock       boolean    window = stock: the last day of each, not the sum
--          least_n        bigint
-- returns: value_a             varchar
--          value_b             varchar
--          numerator_before    double
--          denominator_before  double   null = the numerator is the metric
--          n_before            bigint
--          numerator_after     double
--          denominator_after   double
--          n_after             bigint
--          value_before        double   null = suppressed, or nothing to divide by
--          value_after         double
--          is_suppressed       boolean  a rate of fewer than least_n, in either
with days as (
    select
        day,
        day between if($is_stock, cast($until as date), cast($since as date))
        and cast($until as date) as is_after,
        day between if(
            $is_stock, cast($before_until as date), cast($before_since as date)
        )
        and cast($before_until as date) as is_before
    from mature_days($markets, $maturity_days, $labels)
),

cells as (
    select
        c.*,
        d.is_after,
        d.is_before
    from query_table('kpis.' || $kpi) as c
    inner join days as d on c.day = d.day
    where
        coalesce(c.dimension_a, '') = $dimension_a
        and coalesce(c.dimension_b, '') = $dimension_b
        and ($dimension_a <> 'market' or is_chosen($markets, c.value_a))
        and ($dimension_b <> 'market' or is_chosen($markets, c.value_b))
),

sums as (
    select
        value_a,
        value_b,
        sum(numerator) filter (where is_before) as numerator_before,
        sum(denominator) filter (where is_before) as denominator_before,
        cast(coalesce(sum(n) filter (where is_before), 0) as bigint)
            as n_before,
        sum(numerator) filter (where is_after) as numerator_after,
        sum(denominator) filter (where is_after) as denominator_after,
        cast(coalesce(sum(n) filter (where is_after), 0) as bigint) as n_after,
        count(denominator) > 0 as is_ratio
    from cells
    where is_before or is_after
    group by value_a, value_b
)

select
    value_a,
    value_b,
    numerator_before,
    denominator_before,
    n_before,
    numerator_after,
    denominator_after,
    n_after,
    case
        when is_ratio and n_before < $least_n then null
        when is_ratio then numerator_before / nullif(denominator_before, 0.0)
        else numerator_before
    end as value_before,
    case
        when is_ratio and n_after < $least_n then null
        when is_ratio then numerator_after / nullif(denominator_after, 0.0)
        else numerator_after
    end as value_after,
    is_ratio and least(n_before, n_after) < $least_n as is_suppressed
from sums
order by value_a asc nulls last, value_b asc nulls last
