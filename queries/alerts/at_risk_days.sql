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
with slices as (
    select
        kind,
        day,
        amount_usd,
        orders,
        unnest(groupings('category', category, 'market', market)) as slice
    from alerts.at_risk_changes
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
