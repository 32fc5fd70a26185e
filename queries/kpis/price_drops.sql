-- Listings whose price fell by a fifth or more at once, other than for an approved sale.
--
-- label:         Price drops
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        edits of listings, by their local day
-- maturity_days: 0
-- window:        day
-- owner:         Risk operations
-- good:          none
-- guard_rail:    none
-- parent:        bad_order_rate
-- leading:       true
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to each market
--          dimension_a  varchar  column of metrics.cube; null = total
--          value_a      varchar
--          dimension_b  varchar  later in the alphabet; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with edits as (
    select
        c.market,
        p.category,
        local_day(v.valid_from, c.time_zone) as day
    from staging.listing_versions as v
    inner join staging.listing_versions as b
        on v.product_id = b.product_id and v.version = b.version + 1
    inner join staging.products as p on v.product_id = p.product_id
    inner join staging.merchants as m on p.merchant_id = m.merchant_id
    inner join metrics.clocks as c on m.market = c.market
    left join facts.sale_prices as s
        on v.product_id = s.product_id and v.version = s.version
    where
        v.price_usd <= 0.8 * b.price_usd
        and s.product_id is null
        and local_day(v.valid_from, c.time_zone)
        between c.first_whole_day and c.last_whole_day
),

parts as (
    select
        day,
        unnest(groupings('category', category, 'market', market)) as part
    from edits
)

select
    day,
    part.dimension_a,
    part.value_a,
    part.dimension_b,
    part.value_b,
    cast(count(*) as double) as numerator,
    cast(null as double) as denominator,
    count(*) as n
from parts
group by
    day, part.dimension_a, part.value_a, part.dimension_b, part.value_b
