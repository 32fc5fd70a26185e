-- Followers that creators gained over the day before: a step without a reason is bought.
--
-- label:         Followers gained
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        creators, by the UTC day at whose end they are counted
-- maturity_days: 0
-- window:        day
-- owner:         Growth
-- good:          none
-- guard_rail:    commission_rate
-- parent:        gmv_usd
-- leading:       true
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     UTC
--          dimension_a  varchar  category or market; null = total
--          value_a      varchar
--          dimension_b  varchar  market; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with steps as (
    select
        creator_id,
        day,
        followers - lag(followers) over (
            partition by creator_id order by day
        ) as gained
    from staging.creator_days
),

cells as (
    select
        s.day,
        s.gained,
        unnest(groupings('category', c.category, 'market', c.market)) as slice
    from steps as s
    inner join staging.creators as c on s.creator_id = c.creator_id
    where s.gained > 0
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(gained) as double) as numerator,
    cast(null as double) as denominator,
    count(*) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
