-- How far the last week of each shop, creator and listing lies off its own past.
--
-- Its past is the seven weeks before the last week, from its first order or refund
-- in them on; days without any count as zero. Each number is (daily mean of
-- the last week - daily mean of the past) / daily sd of the past. A thing that never
-- happened in n days has no sd: then the sd that one time in n days would have
-- given, sqrt(1 / n), stands for it. Only after 21 such days and 10 orders in them.
-- Money stays an exact decimal until it is summed, wide enough for its squares.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type                     varchar  merchant, creator, product
--          entity_id                       varchar
--          as_of                           date     only days before it count
--          orders_own_z_7d                 double   sds of a day: orders
--          gmv_own_z_7d                    double   sds of a day: USD paid
--          refunds_own_z_7d                double   sds of a day: refunds asked
--          voucher_orders_own_z_7d         double   sds of a day: with a voucher
--          crowded_device_orders_own_z_7d  double   sds of a day: crowded devices
with regular_sellers as (
    select entity_key
    from days.order_days
    group by entity_key
    having sum(orders) >= many_orders()
),

days as (
    select
        d.entity_key,
        d.day,
        cast(d.orders as double) as orders,
        cast(d.gmv_usd as decimal(19, 6)) as gmv_usd,
        cast(d.voucher_orders as double) as vouchers,
        cast(d.crowded_device_orders as double) as crowded
    from days.order_days as d
    inner join regular_sellers as n on d.entity_key = n.entity_key
),

order_totals as (
    select
        s.observation_id,
        min(d.day) as first_day,
        sum(d.orders) as orders,
        sum(d.orders * d.orders) as order_squares,
        cast(sum(d.gmv_usd) as double) as gmv_usd,
        cast(sum(d.gmv_usd * d.gmv_usd) as double) as gmv_squares,
        sum(d.vouchers) as vouchers,
        sum(d.vouchers * d.vouchers) as voucher_squares,
        sum(d.crowded) as crowded,
        sum(d.crowded * d.crowded) as crowded_squares
    from days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 56)
    group by s.observation_id
    having sum(d.orders) >= many_orders()
),

refund_totals as (
    select
        s.observation_id,
        min(d.day) as first_day,
        cast(sum(d.refunds) as double) as refunds,
        sum(cast(d.refunds as double) * d.refunds) as refund_squares
    from days.refund_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 56)
    group by s.observation_id
),

-- Few days, taken off the rest: a limit on the age of each sum would cost more.
order_week as (
    select
        s.observation_id,
        sum(d.orders) as orders,
        sum(d.orders * d.orders) as order_squares,
        cast(sum(d.gmv_usd) as double) as gmv_usd,
        cast(sum(d.gmv_usd * d.gmv_usd) as double) as gmv_squares,
        sum(d.vouchers) as vouchers,
        sum(d.vouchers * d.vouchers) as voucher_squares,
        sum(d.crowded) as crowded,
        sum(d.crowded * d.crowded) as crowded_squares
    from days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 7)
    group by s.observation_id
),

refund_week as (
    select
        s.observation_id,
        cast(sum(d.refunds) as double) as refunds,
        sum(cast(d.refunds as double) * d.refunds) as refund_squares
    from days.refund_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 7)
    group by s.observation_id
),

past as (
    select
        e.entity_type,
        e.entity_id,
        e.as_of,
        cast(
            date_diff(
                'day',
                least(o.first_day, coalesce(r.first_day, o.first_day)),
                e.as_of
            ) - 7 as double
        ) as days,
        o.orders - coalesce(w.orders, 0.0) as orders,
        o.order_squares - coalesce(w.order_squares, 0.0)
            as order_squares,
        coalesce(w.orders, 0.0) as week_orders,
        o.gmv_usd - coalesce(w.gmv_usd, 0.0) as gmv_usd,
        o.gmv_squares - coalesce(w.gmv_squares, 0.0)
            as gmv_squares,
        coalesce(w.gmv_usd, 0.0) as week_gmv_usd,
        o.vouchers - coalesce(w.vouchers, 0.0) as vouchers,
        o.voucher_squares - coalesce(w.voucher_squares, 0.0)
            as voucher_squares,
        coalesce(w.vouchers, 0.0) as week_vouchers,
        o.crowded - coalesce(w.crowded, 0.0) as crowded,
        o.crowded_squares - coalesce(w.crowded_squares, 0.0)
            as crowded_squares,
        coalesce(w.crowded, 0.0) as week_crowded,
        coalesce(r.refunds, 0.0) - coalesce(v.refunds, 0.0) as refunds,
        coalesce(r.refund_squares, 0.0) - coalesce(v.refund_squares, 0.0)
            as refund_squares,
        coalesce(v.refunds, 0.0) as week_refunds
    from order_totals as o
    inner join population.seller_spine as e
        on o.observation_id = e.observation_id
    left join order_week as w on o.observation_id = w.observation_id
    left join refund_totals as r on o.observation_id = r.observation_id
    left join refund_week as v on o.observation_id = v.observation_id
),

final as (
    select
        entity_type,
        entity_id,
        as_of,
        (week_orders / 7.0 - orders / days) / greatest(
            sqrt(
                greatest(order_squares - orders * (orders / days), 0.0)
                / (days - 1.0)
            ),
            sqrt(1.0 / days)
        ) as orders_own_z_7d,
        (week_gmv_usd / 7.0 - gmv_usd / days) / nullif(
            sqrt(
                greatest(gmv_squares - gmv_usd * (gmv_usd / days), 0.0)
                / (days - 1.0)
            ),
            0.0
        ) as gmv_own_z_7d,
        (week_refunds / 7.0 - refunds / days) / greatest(
            sqrt(
                greatest(refund_squares - refunds * (refunds / days), 0.0)
                / (days - 1.0)
            ),
            sqrt(1.0 / days)
        ) as refunds_own_z_7d,
        (week_vouchers / 7.0 - vouchers / days) / greatest(
            sqrt(
                greatest(voucher_squares - vouchers * (vouchers / days), 0.0)
                / (days - 1.0)
            ),
            sqrt(1.0 / days)
        ) as voucher_orders_own_z_7d,
        (week_crowded / 7.0 - crowded / days) / greatest(
            sqrt(
                greatest(crowded_squares - crowded * (crowded / days), 0.0)
                / (days - 1.0)
            ),
            sqrt(1.0 / days)
        ) as crowded_device_orders_own_z_7d
    from past
    where days >= 21.0 and orders >= many_orders()
)

select * from final
