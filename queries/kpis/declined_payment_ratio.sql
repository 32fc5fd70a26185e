-- Payments stopped for one that got through: refused attempts whose order was never paid, over
-- orders that a cardholder contested as fraud within 60 days.
--
-- label:         Declined payments per fraud dispute
-- unit:          ratio
-- numerator:     own
-- denominator:   own
-- cohort:        attempts, and paid orders contested, by the local day in the buyer's market
-- maturity_days: 60
-- window:        day
-- owner:         Payments
-- good:          up
-- guard_rail:    orders
-- parent:        chargeback_rate
-- leading:       false
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
--          dimension_a  varchar  channel or market; null = total
--          value_a      varchar
--          dimension_b  varchar  market; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with events as (
    select
        d.buyer_id,
        d.attempted_at as happened_at,
        p.channel,
        1 as stopped,
        0 as passed
    from staging.declined_payments as d
    left join staging.orders as o on d.order_id = o.order_id
    left join staging.unpaid_orders as p on d.order_id = p.order_id
    where o.order_id is null
    union all
    select
        o.buyer_id,
        o.created_at as happened_at,
        o.channel,
        0 as stopped,
        1 as passed
    from staging.disputes as d
    inner join staging.orders as o on d.order_id = o.order_id
    where
        d.kind = 'fraud'
        and d.observed_at < o.created_at + interval 60 day
        and not o.is_sample
),

cells as (
    select
        local_day(e.happened_at, c.time_zone) as day,
        e.stopped,
        e.passed,
        unnest(groupings('channel', e.channel, 'market', b.market)) as slice
    from events as e
    inner join staging.buyers as b on e.buyer_id = b.buyer_id
    inner join metrics.clocks as c on b.market = c.market
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(stopped) as double) as numerator,
    cast(sum(passed) as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
