-- The rhythm and size of each buyer's latest orders, as of the latest one.
--
-- A buyer orders too seldom for windows of days, so the latest ten orders are looked
-- at, whenever they were. Seconds and cents are whole numbers: sums of them and of
-- their squares are exact in any order.
--
-- grain:   order_id
-- params:  none
-- returns: order_id           varchar
--          buyer_id           varchar
--          day                date     of this order
--          next_day           date     of the buyer's next one; null = none yet
--          gap_hours_last_10  double   hours: mean gap of the latest 10, 4 or more
--          burstiness_last_10  double  -1..1, as in features.bursts
--          value_z            double   sds (at least 1 USD): paid, against the 10 before
with seen as (
    select buyer_id
    from features.order_facts
    group by buyer_id
    having count(*) >= 5
),

placed as (
    select
        f.order_id,
        f.buyer_id,
        f.day,
        round(100.0 * f.paid_usd, 0) as cents,
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
    from features.order_facts as f
    inner join seen as s on f.buyer_id = s.buyer_id
),

summed as (
    select
        order_id,
        buyer_id,
        day,
        next_day,
        cents,
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
        sum(cents) over (
            partition by buyer_id
            order by place
            rows between 10 preceding and 1 preceding
        ) as earlier_cents,
        sum(cents * cents) over (
            partition by buyer_id
            order by place
            rows between 10 preceding and 1 preceding
        ) as earlier_squares
    from placed
),

spread as (
    select
        order_id,
        buyer_id,
        day,
        next_day,
        cents,
        gap_seconds / earlier as gap_mean,
        sqrt(
            greatest(gap_squares - gap_seconds * gap_seconds / earlier, 0.0)
            / (earlier - 1.0)
        ) as gap_sd,
        earlier_cents / earlier as cents_mean,
        sqrt(
            greatest(
                earlier_squares - earlier_cents * earlier_cents / earlier, 0.0
            ) / (earlier - 1.0)
        ) as cents_sd
    from summed
    where earlier >= 4.0
),

described as (
    select
        order_id,
        buyer_id,
        day,
        next_day,
        gap_mean / 3600.0 as gap_hours_last_10,
        (gap_sd - gap_mean) / nullif(gap_sd + gap_mean, 0.0)
            as burstiness_last_10,
        (cents - cents_mean) / greatest(cents_sd, 100.0) as value_z
    from spread
)

select * from described
