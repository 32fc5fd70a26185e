-- A metric of the cube by market and day, what rings had a part in apart from the rest.
--
-- A ring has a part in an order when its buyer, shop, listing or host is a member of one
-- and no victim of it. Known are the rings of today's build.
--
-- grain:   market, day, is_ring
-- params:  numerator    varchar    a sum of metrics.cube
--          denominator  varchar    another; '' = the numerator is the metric
--          filters      varchar[]  of `dimension=value`; those of markets are left out
--          since        date
--          until        date
-- returns: market       varchar
--          day          date
--          is_ring      boolean
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          largest      double   of the numerator: what one shop has most of it
with members as (
    select distinct entity_id
    from rings.members
    where role <> 'victim'
),

orders as (
    select
        market,
        day,
        merchant_id,
        (buyer_id in (from members))
        or (merchant_id in (from members))
        or coalesce(product_id in (from members), false)
        or coalesce(creator_id in (from members), false) as is_ring,
        columns(lambda c: c = $numerator) as numerator,
        columns(
            lambda c: c = if($denominator = '', 'orders', $denominator)
        ) as denominator
    from metrics.order_outcomes
    where
        day between cast($since as date) and cast($until as date)
        and is_within($filters, 'category', category)
        and is_within($filters, 'channel', channel)
        and is_within($filters, 'merchant_tier', merchant_tier)
        and is_within($filters, 'buyer_age', buyer_age)
        and is_within($filters, 'payment_method', payment_method)
        and is_within($filters, 'creator_tier', creator_tier)
),

shops as (
    select
        market,
        day,
        coalesce(is_ring, false) as is_ring,
        merchant_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from orders
    group by all
)

select
    market,
    day,
    is_ring,
    cast(sum(numerator) as double) as numerator,
    cast(if($denominator = '', null, sum(denominator)) as double)
        as denominator,
    cast(max(numerator) as double) as largest
from shops
group by all
order by all
