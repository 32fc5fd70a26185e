-- Good subjects that were judged bad and cleared within 30 days, per 10,000 subjects active on
-- the day. Live rooms are left out: each is active once.
--
-- label:         False-positive friction
-- unit:          bps
-- numerator:     own
-- denominator:   own
-- cohort:        subjects with an order on the local day; bad verdicts known on it
-- maturity_days: 30
-- window:        day
-- owner:         Analyst leads
-- good:          down
-- guard_rail:    bad_order_rate
-- parent:        enforcement_precision
-- leading:       false
-- labels:        true
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day          date     local to the subject's market
--          dimension_a  varchar  entity_type or market; null = total
--          value_a      varchar
--          dimension_b  varchar  market; null = one or none
--          value_b      varchar
--          numerator    double
--          denominator  double   null = the numerator is the metric
--          n            bigint   what the rule of 30 counts
with subjects as (
    select
        day,
        'merchant' as entity_type,
        merchant_id as entity_id,
        1 as is_active,
        0 as is_harmed
    from metrics.merchant_days
    where orders > 0
    union all
    select
        day,
        'creator' as entity_type,
        creator_id as entity_id,
        1 as is_active,
        0 as is_harmed
    from metrics.creator_days
    where orders > 0
    union all
    select
        day,
        'product' as entity_type,
        product_id as entity_id,
        1 as is_active,
        0 as is_harmed
    from metrics.product_days
    where orders > 0
    union all
    select
        day,
        'buyer' as entity_type,
        buyer_id as entity_id,
        1 as is_active,
        0 as is_harmed
    from metrics.buyer_days
    where orders > 0
    union all
    select
        day,
        entity_type,
        entity_id,
        0 as is_active,
        1 as is_harmed
    from metrics.verdicts
    where is_overturned = 1 and entity_type <> 'live_session'
),

sums as (
    select
        s.day,
        s.entity_type,
        e.market,
        sum(s.is_active) as active,
        sum(s.is_harmed) as harmed
    from subjects as s
    inner join graph.entities as e
        on s.entity_type = e.entity_type and s.entity_id = e.entity_id
    group by s.day, s.entity_type, e.market
),

cells as (
    select
        day,
        active,
        harmed,
        unnest(groupings('entity_type', entity_type, 'market', market))
            as slice
    from sums
)

select
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b,
    cast(sum(harmed) as double) as numerator,
    cast(sum(active) as double) as denominator,
    cast(sum(active) as bigint) as n
from cells
group by
    day,
    slice.dimension_a,
    slice.value_a,
    slice.dimension_b,
    slice.value_b
