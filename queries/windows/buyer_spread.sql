-- How unevenly each buyer orders over the days and the hours, by snapshot.
--
-- The Fano factor is the variance of the daily counts against their mean: 1 by
-- chance. The entropy of the eight three-hour blocks of the day is 0 when all orders
-- fall into one of them and 1 when they are spread evenly. Of few orders neither
-- says anything: only who placed ten in 90 days has a row.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id          bigint  a buyer at a snapshot
--          order_fano_90d          double  ratio
--          order_hour_entropy_90d  double  0..1
with frequent_buyers as (
    select buyer_id
    from facts.order_facts
    group by buyer_id
    having count(*) >= many_orders()
),

days as (
    select
        f.buyer_id,
        f.day,
        count(*) as orders,
        count(*) filter (where extract(hour from f.hour_at) < 3) as from_0,
        count(*) filter (where extract(hour from f.hour_at) between 3 and 5)
            as from_3,
        count(*) filter (where extract(hour from f.hour_at) between 6 and 8)
            as from_6,
        count(*) filter (where extract(hour from f.hour_at) between 9 and 11)
            as from_9,
        count(*) filter (where extract(hour from f.hour_at) between 12 and 14)
            as from_12,
        count(*) filter (where extract(hour from f.hour_at) between 15 and 17)
            as from_15,
        count(*) filter (where extract(hour from f.hour_at) between 18 and 20)
            as from_18
    from facts.order_facts as f
    inner join frequent_buyers as s on f.buyer_id = s.buyer_id
    group by f.buyer_id, f.day
),

totals as (
    select
        s.observation_id,
        cast(sum(d.orders) as double) as orders,
        cast(sum(d.orders * d.orders) as double) as order_squares,
        cast(sum(d.from_0) as double) as from_0,
        cast(sum(d.from_3) as double) as from_3,
        cast(sum(d.from_6) as double) as from_6,
        cast(sum(d.from_9) as double) as from_9,
        cast(sum(d.from_12) as double) as from_12,
        cast(sum(d.from_15) as double) as from_15,
        cast(sum(d.from_18) as double) as from_18
    from days as d
    inner join population.observations as s
        on
            s.entity_type = 'buyer'
            and d.buyer_id = s.entity_id
            and within(d.day, s.as_of, 90)
    group by s.observation_id
    having sum(d.orders) >= many_orders()
),

hour_totals as (
    select
        *,
        orders - from_0 - from_3 - from_6 - from_9 - from_12 - from_15 - from_18
            as from_21
    from totals
),

final as (
    select
        c.observation_id,
        (c.order_squares - c.orders * c.orders / 90.0) / 89.0
        / (c.orders / 90.0) as order_fano_90d,
        (
            ln(c.orders)
            - (
                c.from_0 * ln(greatest(c.from_0, 1.0))
                + c.from_3 * ln(greatest(c.from_3, 1.0))
                + c.from_6 * ln(greatest(c.from_6, 1.0))
                + c.from_9 * ln(greatest(c.from_9, 1.0))
                + c.from_12 * ln(greatest(c.from_12, 1.0))
                + c.from_15 * ln(greatest(c.from_15, 1.0))
                + c.from_18 * ln(greatest(c.from_18, 1.0))
                + c.from_21 * ln(greatest(c.from_21, 1.0))
            ) / c.orders
        ) / ln(8.0) as order_hour_entropy_90d
    from hour_totals as c
)

select * from final
