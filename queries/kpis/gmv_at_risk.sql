-- Value of orders whose money the shop has not got yet, each times the probability that its
-- shop is bad as today's build has it. What could be lost, not a loss.
--
-- label:         GMV at risk
-- unit:          usd
-- numerator:     own
-- denominator:   none
-- cohort:        orders that are unsettled at the end of the local day, since they were placed
-- maturity_days: 0
-- window:        stock
-- owner:         Risk operations
-- good:          down
-- guard_rail:    gmv_usd
-- parent:        bad_order_rate
-- leading:       false
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
--          dimension_a  varchar  category or market; null = total
--          value_a      varchar
--          dimension_b  varchar  market; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with held as (
    select
        o.day,
        o.market,
        o.category,
        local_day(s.settled_at, c.time_zone) as settled_day,
        cast(o.gmv_usd * p.probability as decimal(18, 6)) as amount_usd
    from metrics.order_outcomes as o
    inner join staging.settlements as s on o.order_id = s.order_id
    inner join metrics.clocks as c on o.market = c.market
    inner join alerts.probabilities as p
        on p.entity_type = 'merchant' and o.merchant_id = p.entity_id
),

changes as (
    select
        day,
        market,
        category,
        amount_usd,
        1 as orders
    from held
    union all
    select
        settled_day as day,
        market,
        category,
        -amount_usd as amount_usd,
        -1 as orders
    from held
    where settled_day is not null
),

slices as (
    select
        day,
        amount_usd,
        orders,
        unnest(groupings('category', category, 'market', market)) as slice
    from changes
),

sums as (
    select
        day,
        slice.dimension_a,
        slice.value_a,
        slice.dimension_b,
        slice.value_b,
        sum(amount_usd) as amount_usd,
        sum(orders) as orders
    from slices
    group by
        day,
        slice.dimension_a,
        slice.value_a,
        slice.dimension_b,
        slice.value_b
)

select
    day,
    dimension_a,
    value_a,
    dimension_b,
    value_b,
    cast(
        sum(amount_usd) over (
            partition by dimension_a, value_a, dimension_b, value_b
            order by day
            rows between unbounded preceding and current row
        ) as double
    ) as numerator,
    cast(null as double) as denominator,
    cast(
        sum(orders) over (
            partition by dimension_a, value_a, dimension_b, value_b
            order by day
            rows between unbounded preceding and current row
        ) as bigint
    ) as n
from sums
