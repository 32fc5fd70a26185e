-- The rhythm and size of each buyer's latest purchases, as of the latest one.
--
-- A buyer orders too seldom for windows of days, so the latest ten orders are looked
-- at, whenever they were. Seconds are whole numbers and money an exact decimal, so
-- that sums of them and of their squares are exact in any order.
--
-- grain:   order_id
-- params:  none
-- returns: order_id            varchar
--          buyer_id            varchar
--          day                 date     of this order
--          next_day            date     of the buyer's next one; null = none yet
--          gap_hours_last_10   double   hours: mean gap of the latest 10, 4 or more
--          burstiness_last_10  double   -1..1, as in windows.bursts
--          value_z             double   sds (5 % of mean or more): paid, against 10 before
with frequent_buyers as (
    select buyer_id
    from facts.order_facts
    group by buyer_id
    having count(distinct purchase_id) >= 5
),

purchases as (
    select
        min(f.order_id) as order_id,
        f.buyer_id,
        f.day,
        min(f.created_at) as created_at,
        sum(cast(f.paid_usd as decimal(19, 6))) as paid_usd
    from facts.order_facts as f
    inner join frequent_buyers as s on f.buyer_id = s.buyer_id
    group by f.buyer_id, f.day, f.purchase_id
),

orders as (
    select
        f.order_id,
        f.buyer_id,
        f.day,
        cast(f.paid_usd as decimal(19, 6)) as paid_usd,
        cast(
            date_diff(
                'second',
                lag(f.created_at) over (
                    partition by f.buyer_id
                    order by f.created_at, f.order_id
                ),
                f.created_at
            ) as double
        ) as gap_seconds,
        lead(f.day) over (
            partition by f.buyer_id
            order by f.created_at, f.order_id
        ) as next_day,
        row_number() over (
            partition by f.buyer_id
            order by f.created_at, f.order_id
        ) as place
    from purchases as f
),

totals as (
    select
        order_id,
        buyer_id,
        day,
        next_day,
        paid_usd,
        cast(least(place - 1, 10) as double) as earlier,
        sum(gap_seconds) over (
            partition by buyer_id
            order by place
            rows between 9 preceding and current row
        ) as gap_seconds,
        sum(gap_seconds * gap_seconds) over (
            partition by buyer_id
            order by place
            rows between 9 preceding and current row
        ) as gap_squares,
        sum(paid_usd) over (
            partition by buyer_id
            order by place
            rows between 10 preceding and 1 preceding
        ) as earlier_usd,
        sum(paid_usd * paid_usd) over (
            partition by buyer_id
            order by place
            rows between 10 preceding and 1 preceding
        ) as earlier_squares
    from orders
),

statistics as (
    select
        order_id,
        buyer_id,
        day,
        next_day,
        paid_usd,
        gap_seconds / earlier as gap_mean,
        sqrt(
            greatest(gap_squares - gap_seconds * gap_seconds / earlier, 0.0)
            / (earlier - 1.0)
        ) as gap_sd,
        cast(earlier_usd as double) / earlier as paid_mean,
        sqrt(
            greatest(
                cast(earlier_squares as double)
                - cast(earlier_usd as double)
                * (cast(earlier_usd as double) / earlier),
                0.0
            ) / (earlier - 1.0)
        ) as paid_sd
    from totals
    where earlier >= 4.0
),

final as (
    select
        order_id,
        buyer_id,
        day,
        next_day,
        gap_mean / 3600.0 as gap_hours_last_10,
        (gap_sd - gap_mean) / nullif(gap_sd + gap_mean, 0.0)
            as burstiness_last_10,
        (cast(paid_usd as double) - paid_mean)
        / nullif(greatest(paid_sd, 0.05 * paid_mean), 0.0) as value_z
    from statistics
)

select * from final
