-- Listings that were taken down.
--
-- label:         Removed listings
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        listings, by the local day they were removed
-- maturity_days: 0
-- window:        day
-- owner:         Risk operations
-- good:          none
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
with cells as (
    select
        local_day(p.removed_at, c.time_zone) as day,
        unnest(groupings('category', p.category, 'market', m.market)) as slice
    from staging.products as p
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
    inner join metrics.clocks as c on m.market = c.market
    where p.removed_at is not null
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(count(*) as double) as numerator,
    cast(null as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
