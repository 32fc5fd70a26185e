-- Listings taken down before they sold anything, for one taken down after it had.
--
-- label:         Listings removed before a sale per one after
-- unit:          ratio
-- numerator:     own
-- denominator:   own
-- cohort:        listings, by the local day they were removed
-- maturity_days: 0
-- window:        day
-- owner:         Risk operations
-- good:          up
-- guard_rail:    gmv_usd
-- parent:        removed_listings
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
with sales as (
    select
        product_id,
        min(created_at) as first_sold_at
    from staging.orders
    where not is_sample
    group by product_id
),

cells as (
    select
        local_day(p.removed_at, c.time_zone) as day,
        flag(coalesce(s.first_sold_at < p.removed_at, false)) as is_sold,
        unnest(groupings('category', p.category, 'market', m.market)) as slice
    from staging.products as p
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
    inner join metrics.clocks as c on m.market = c.market
    left join sales as s on p.product_id = s.product_id
    where p.removed_at is not null
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(1 - is_sold) as double) as numerator,
    cast(sum(is_sold) as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
