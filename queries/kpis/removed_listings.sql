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
        day,
        events,
        unnest(groupings('category', part, 'market', market)) as slice
    from metrics.subject_events
    where metric = 'removed_listings'
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(events) as double) as numerator,
    cast(null as double) as denominator,
    cast(sum(events) as bigint) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
