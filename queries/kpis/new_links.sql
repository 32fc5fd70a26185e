-- Accounts that came to a device, card, address or bank account that another one had used before:
-- how a ring grows, and seen days before anybody says what it did.
--
-- label:         New links
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        first uses of something shared, by their local day
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
with links as (
    select
        entity_type,
        entity_id,
        first_seen_at,
        first_seen_at > min(first_seen_at) over (
            partition by relation, identifier_id
        ) as is_second
    from graph.links
    where relation in ('device', 'payment_token', 'address', 'bank_account')
),

joined as (
    select
        c.market,
        local_day(l.first_seen_at, c.time_zone) as day
    from links as l
    inner join graph.entities as e
        on l.entity_type = e.entity_type and l.entity_id = e.entity_id
    inner join metrics.clocks as c on e.market = c.market
    where
        l.is_second
        and local_day(l.first_seen_at, c.time_zone)
        between c.first_whole_day and c.last_whole_day
),

parts as (
    select
        day,
        unnest([one_dimension(null, null), one_dimension('market', market)])
            as part
    from joined
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
