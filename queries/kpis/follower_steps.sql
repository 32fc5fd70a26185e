-- Creators who gained a tenth of their followers and fifty or more within a day.
--
-- label:         Follower steps
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        creators, by the day of the step
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
with days as (
    select
        creator_id,
        day,
        followers,
        lag(followers) over (
            partition by creator_id
            order by day
        ) as followers_before
    from staging.creator_days
),

steps as (
    select
        c.market,
        d.day
    from days as d
    inner join staging.creators as o on d.creator_id = o.creator_id
    inner join metrics.clocks as c on o.market = c.market
    where
        d.followers >= 1.1 * d.followers_before
        and d.followers >= d.followers_before + 50
        and d.day between c.first_whole_day and c.last_whole_day
),

parts as (
    select
        day,
        unnest([one_dimension(null, null), one_dimension('market', market)])
            as part
    from steps
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
