-- Money that is still held at the end of each day, each amount times the probability that who
-- gets it is bad as today's build has it: what could be lost, not a loss.
--
-- grain:   kind, day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: kind         varchar  gmv: the shop's; commission: the creator's
--          day          date     local to each market
--          dimension_a  varchar  category or market; null = total
--          value_a      varchar
--          dimension_b  varchar  market; null = one or none
--          value_b      varchar
--          amount_usd   decimal(38,6)
--          orders       bigint
with amounts as (
    select
        'gmv' as kind,
        s.order_id,
        s.settled_at as released_at,
        o.gmv_usd as amount_usd,
        'merchant' as entity_type,
        o.merchant_id as entity_id
    from staging.settlements as s
    inner join metrics.order_outcomes as o on s.order_id = o.order_id
    union all
    select
        'commission' as kind,
        order_id,
        paid_at as released_at,
        amount_usd,
        'creator' as entity_type,
        creator_id as entity_id
    from staging.commissions
),

held as (
    select
        a.kind,
        o.day,
        o.market,
        o.category,
        local_day(a.released_at, c.time_zone) as released_day,
        cast(a.amount_usd * p.probability as decimal(18, 6)) as amount_usd
    from amounts as a
    inner join metrics.order_outcomes as o on a.order_id = o.order_id
    inner join metrics.clocks as c on o.market = c.market
    inner join alerts.probabilities as p
        on a.entity_type = p.entity_type and a.entity_id = p.entity_id
),

changes as (
    select
        kind,
        day,
        market,
        category,
        amount_usd,
        1 as orders
    from held
    union all
    select
        kind,
        released_day as day,
        market,
        category,
        -amount_usd as amount_usd,
        -1 as orders
    from held
    where released_day is not null
),

slices as (
    select
        kind,
        day,
        amount_usd,
        orders,
        unnest(groupings('category', category, 'market', market)) as slice
    from changes
),

sums as (
    select
        kind,
        day,
        slice.dimension_a,
        slice.value_a,
        slice.dimension_b,
        slice.value_b,
        sum(amount_usd) as amount_usd,
        sum(orders) as orders
    from slices
    group by
        kind,
        day,
        slice.dimension_a,
        slice.value_a,
        slice.dimension_b,
        slice.value_b
),

bounds as (
    select max(last_whole_day) as last_day
    from metrics.clocks
    where has_orders
),

spans as (
    select
        s.kind,
        s.dimension_a,
        s.value_a,
        s.dimension_b,
        s.value_b,
        min(s.day) as first_day,
        max(b.last_day) as last_day
    from sums as s
    cross join bounds as b
    group by
        s.kind, s.dimension_a, s.value_a, s.dimension_b, s.value_b
),

-- A stock is there on every day, whether anything changed on it or not.
days as (
    select
        *,
        cast(
            unnest(generate_series(first_day, last_day, interval 1 day)) as date
        ) as day
    from spans
),

final as (
    select
        d.kind,
        d.day,
        d.dimension_a,
        d.value_a,
        d.dimension_b,
        d.value_b,
        cast(
            sum(coalesce(s.amount_usd, 0)) over (
                partition by
                    d.kind,
                    d.dimension_a,
                    d.value_a,
                    d.dimension_b,
                    d.value_b
                order by d.day
                rows between unbounded preceding and current row
            ) as decimal(38, 6)
        ) as amount_usd,
        cast(
            sum(coalesce(s.orders, 0)) over (
                partition by
                    d.kind,
                    d.dimension_a,
                    d.value_a,
                    d.dimension_b,
                    d.value_b
                order by d.day
                rows between unbounded preceding and current row
            ) as bigint
        ) as orders
    from days as d
    left join sums as s
        on
            d.kind = s.kind
            and d.day = s.day
            and d.dimension_a is not distinct from s.dimension_a
            and d.value_a is not distinct from s.value_a
            and d.dimension_b is not distinct from s.dimension_b
            and d.value_b is not distinct from s.value_b
)

select * from final
