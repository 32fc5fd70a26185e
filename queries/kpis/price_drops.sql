-- Listings whose price fell by 30 % or more from one version to the next: bait, or a shop that
-- was taken over.
--
-- label:         Price drops
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        versions of listings, by the local day they came to hold
-- maturity_days: 0
-- window:        day
-- owner:         Risk operations
-- good:          none
-- guard_rail:    gmv_usd
-- parent:        bad_order_rate
-- leading:       true
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
with versions as (
    select
        product_id,
        valid_from,
        price_usd,
        lag(price_usd) over (
            partition by product_id order by version
        ) as earlier_usd
    from staging.listing_versions
),

cells as (
    select
        local_day(v.valid_from, c.time_zone) as day,
        unnest(groupings('category', p.category, 'market', m.market)) as slice
    from versions as v
    inner join staging.products as p on v.product_id = p.product_id
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
    inner join metrics.clocks as c on m.market = c.market
    where v.price_usd <= 0.7 * v.earlier_usd
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
