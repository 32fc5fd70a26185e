-- One metric of the cube day by day under any filters, split by one dimension or not at all.
--
-- grain:   day, slice
-- params:  numerator      varchar    a sum of metrics.cube
--          denominator    varchar    another; '' = the numerator is the metric
--          counted        varchar    the sum that the rule of least_n counts
--          split          varchar    a dimension, or 'none'
--          filters        varchar[]  of `dimension=value`; empty = everything
--          markets        varchar[]  whose days decide on maturity; empty = every
--          since          date
--          until          date
--          maturity_days  bigint     as the metric says
--          labels         boolean    as the metric says
--          least_n        bigint
-- returns: day            date
--          slice          varchar  value of the split, or 'all'
--          numerator      double
--          denominator    double   null = the numerator is the metric
--          n              bigint
--          value          double   null = suppressed, or nothing to divide by
--          is_suppressed  boolean  a rate of fewer than least_n
--          is_mature      boolean
with sums as (
    select
        day,
        case $split
            when 'market' then market
            when 'category' then category
            when 'channel' then channel
            when 'merchant_tier' then merchant_tier
            when 'buyer_age' then buyer_age
            when 'payment_method' then payment_method
            when 'creator_tier' then creator_tier
            else 'all'
        end as slice,
        cast(sum(columns(lambda c: c = $numerator)) as double) as numerator,
        cast(
            sum(
                columns(
                    lambda c: c = if($denominator = '', 'orders', $denominator)
                )
            ) as double
        ) as denominator,
        cast(sum(columns(lambda c: c = $counted)) as bigint) as n
    from metrics.cube
    where
        day between cast($since as date) and cast($until as date)
        and is_within($filters, 'market', market)
        and is_within($filters, 'category', category)
        and is_within($filters, 'channel', channel)
        and is_within($filters, 'merchant_tier', merchant_tier)
        and is_within($filters, 'buyer_age', buyer_age)
        and is_within($filters, 'payment_method', payment_method)
        and is_within($filters, 'creator_tier', creator_tier)
    group by day, slice
),

ratios as (
    select
        * replace (if($denominator = '', null, denominator) as denominator),
        $denominator <> '' and n < $least_n as is_suppressed
    from sums
)

select
    r.day,
    r.slice,
    r.numerator,
    r.denominator,
    r.n,
    case
        when r.is_suppressed then null
        else r.numerator / nullif(coalesce(r.denominator, 1.0), 0.0)
    end as value,
    r.is_suppressed,
    m.day is not null as is_mature
from ratios as r
left join mature_days($markets, $maturity_days, $labels) as m on r.day = m.day
order by r.day asc nulls last, r.slice asc nulls last
