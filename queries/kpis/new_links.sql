-- Buyers that were first seen on an identifier which another buyer had used before.
--
-- label:         New links between buyers
-- unit:          count
-- numerator:     own
-- denominator:   none
-- cohort:        buyers and identifiers, by the local day they were first seen together
-- maturity_days: 0
-- window:        day
-- owner:         Risk operations
-- good:          none
-- guard_rail:    orders
-- parent:        bad_order_rate
-- leading:       true
-- labels:        false
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
--          dimension_a  varchar  market or relation; null = total
--          value_a      varchar
--          dimension_b  varchar  relation; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with turns as (
    select
        l.relation,
        l.entity_id,
        l.first_seen_at,
        row_number() over (
            partition by l.relation, l.identifier_id
            order by l.first_seen_at, l.entity_id
        ) as turn
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    where l.entity_type = 'buyer' and not i.is_hub and l.relation <> 'ip'
),

cells as (
    select
        local_day(t.first_seen_at, c.time_zone) as day,
        unnest(groupings('market', b.market, 'relation', t.relation)) as slice
    from turns as t
    inner join staging.buyers as b on t.entity_id = b.buyer_id
    inner join metrics.clocks as c on b.market = c.market
    where t.turn > 1
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
