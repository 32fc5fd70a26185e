-- Buyer accounts opened.
--
-- label:         Sign-ups
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        accounts, by the local day they were opened
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
with accounts as (
    select
        c.market,
        local_day(b.registered_at, c.time_zone) as day
    from staging.buyers as b
    inner join metrics.clocks as c on b.market = c.market
    where
        local_day(b.registered_at, c.time_zone)
        between c.first_whole_day and c.last_whole_day
),

parts as (
    select
        day,
        unnest([one_dimension(null, null), one_dimension('market', market)])
            as part
    from accounts
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
