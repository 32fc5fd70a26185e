-- One metric of the cube over two periods, by any of its dimensions; mature days only.
--
-- With every dimension these are the leaves that an attribution starts from; with one they
-- are its slices.
--
-- grain:   market, category, channel, merchant_tier, buyer_age, payment_method,
--          creator_tier
-- params:  numerator      varchar    a sum of metrics.cube
--          denominator    varchar    another; '' = the numerator is the metric
--          counted        varchar    the sum that the rule of least_n counts
--          dimensions     varchar[]  columns to keep apart; the others are null
--          filters        varchar[]  of `dimension=value`; empty = everything
--          markets        varchar[]  whose days decide on maturity; empty = every
--          since          date
--          until          date
--          before_since   date       the period to compare with
--          before_until   date
--          maturity_days  bigint     as the metric says
--          labels         boolean    as the metric says
-- returns: market              varchar
--          category            varchar
--          channel             varchar
--          merchant_tier       varchar
--          buyer_age           varchar
--          payment_method      varchar
--          creator_tier        varchar
--          numerator_before    double
--          denominator_before  double   null = the numerator is the metric
--          n_before            bigint
--          numerator_after     double
--          denominator_after   double
--          n_after             bigint
with cells as (
    select
        if(list_contains($dimensions, 'market'), c.market, null) as market,
        if(list_contains($dimensions, 'category'), c.category, null)
            as category,
        if(list_contains($dimensions, 'channel'), c.channel, null) as channel,
        if(list_contains($dimensions, 'merchant_tier'), c.merchant_tier, null)
            as merchant_tier,
        if(list_contains($dimensions, 'buyer_age'), c.buyer_age, null)
            as buyer_age,
        if(list_contains($dimensions, 'payment_method'), c.payment_method, null)
            as payment_method,
        if(list_contains($dimensions, 'creator_tier'), c.creator_tier, null)
            as creator_tier,
        columns(lambda c: c = $numerator) as numerator,
        columns(
            lambda c: c = if($denominator = '', 'orders', $denominator)
        ) as denominator,
        columns(lambda c: c = $counted) as n,
        c.day between cast($since as date) and cast($until as date) as is_after,
        c.day between cast($before_since as date)
        and cast($before_until as date) as is_before
    from metrics.cube as c
    inner join mature_days($markets, $maturity_days, $labels) as m
        on c.day = m.day
    where
        is_within($filters, 'market', c.market)
        and is_within($filters, 'category', c.category)
        and is_within($filters, 'channel', c.channel)
        and is_within($filters, 'merchant_tier', c.merchant_tier)
        and is_within($filters, 'buyer_age', c.buyer_age)
        and is_within($filters, 'payment_method', c.payment_method)
        and is_within($filters, 'creator_tier', c.creator_tier)
)

select
    market,
    category,
    channel,
    merchant_tier,
    buyer_age,
    payment_method,
    creator_tier,
    cast(sum(if(is_before, numerator, 0)) as double) as numerator_before,
    cast(
        if($denominator = '', null, sum(if(is_before, denominator, 0)))
        as double
    ) as denominator_before,
    cast(sum(if(is_before, n, 0)) as bigint) as n_before,
    cast(sum(if(is_after, numerator, 0)) as double) as numerator_after,
    cast(
        if($denominator = '', null, sum(if(is_after, denominator, 0)))
        as double
    ) as denominator_after,
    cast(sum(if(is_after, n, 0)) as bigint) as n_after
from cells
where is_before or is_after
group by all
order by all
