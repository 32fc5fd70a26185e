-- How evenly or in what bursts each shop, creator and listing sold, by snapshot.
--
-- Burstiness is (sd - mean) / (sd + mean) of the time between orders (Goh and
-- Barabasi 2008): -1 like clockwork, 0 by chance, towards 1 in bursts. The Fano factor
-- is the variance of the daily counts against their mean: 1 by chance. The entropy of
-- the eight three-hour blocks of the day is 0 when all orders fall into one of them
-- and 1 when they are spread evenly. Too few orders: unknown.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type                varchar  merchant, creator, product
--          entity_id                  varchar
--          as_of                      date     only days before it count
--          order_gap_hours_30d        double   hours: mean gap, 10 gaps or more
--          order_burstiness_30d       double   -1..1, 10 gaps or more
--          order_gap_variation_7d     double   sd / mean of gaps, 10 or more
--          order_fano_30d             double   ratio, 10 orders or more
--          order_hour_entropy_30d     double   0..1, 20 orders or more
--          max_ten_minute_orders_30d  double   count, 10 orders or more
--          hour_orders_per_buyer_30d  double   most per buyer in an hour of 3+
with totals as (
    select
        s.observation_id,
        cast(sum(d.orders) as double) as orders,
        sum(cast(d.orders as double) * d.orders) as order_squares,
        max(d.max_ten_minute_orders) as max_ten_minute_orders,
        cast(sum(d.gaps) as double) as gaps,
        sum(d.gap_seconds) as gap_seconds,
        sum(d.gap_squares) as gap_squares,
        cast(
            sum(d.gaps) filter (where d.day >= s.as_of - 7) as double
        ) as week_gaps,
        sum(d.gap_seconds) filter (where d.day >= s.as_of - 7)
            as week_gap_seconds,
        sum(d.gap_squares) filter (where d.day >= s.as_of - 7)
            as week_gap_squares,
        sum(d.orders_from_0) as orders_from_0,
        sum(d.orders_from_3) as orders_from_3,
        sum(d.orders_from_6) as orders_from_6,
        sum(d.orders_from_9) as orders_from_9,
        sum(d.orders_from_12) as orders_from_12,
        sum(d.orders_from_15) as orders_from_15,
        sum(d.orders_from_18) as orders_from_18,
        sum(d.orders_from_21) as orders_from_21
    from days.burst_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 30)
    group by s.observation_id
),

busiest_hours as (
    select
        s.observation_id,
        max(cast(h.orders as double) / h.buyers) as orders_per_buyer
    from facts.busy_hours as h
    inner join population.seller_spine as s
        on
            h.entity_type = s.entity_type
            and h.entity_id = s.entity_id
            and within(h.day, s.as_of, 30)
    where h.orders >= 3
    group by s.observation_id
),

statistics as (
    select
        s.*,
        gap_seconds / nullif(gaps, 0.0) as gap_mean,
        sample_sd(gaps, gap_seconds, gap_squares) as gap_sd,
        week_gap_seconds / nullif(week_gaps, 0.0) as week_gap_mean,
        sample_sd(week_gaps, week_gap_seconds, week_gap_squares) as week_gap_sd,
        orders_from_0 / orders as share_0,
        orders_from_3 / orders as share_3,
        orders_from_6 / orders as share_6,
        orders_from_9 / orders as share_9,
        orders_from_12 / orders as share_12,
        orders_from_15 / orders as share_15,
        orders_from_18 / orders as share_18,
        orders_from_21 / orders as share_21
    from totals as s
    where orders >= 3.0
),

final as (
    select
        e.entity_type,
        e.entity_id,
        e.as_of,
        enough(s.gap_mean / 3600.0, s.gaps, 10.0) as order_gap_hours_30d,
        case
            when s.gaps >= 10.0 and s.gap_mean > 0.0
                then (s.gap_sd - s.gap_mean) / (s.gap_sd + s.gap_mean)
        end as order_burstiness_30d,
        case
            when s.week_gaps >= 10.0 and s.week_gap_mean > 0.0
                then s.week_gap_sd / s.week_gap_mean
        end as order_gap_variation_7d,
        case
            when s.orders >= many_orders()
                then
                    (s.order_squares - s.orders * s.orders / 30.0) / 29.0
                    / (s.orders / 30.0)
        end as order_fano_30d,
        case
            when s.orders >= 20.0
                then
                    -(
                        s.share_0 * ln(greatest(s.share_0, 1e-9))
                        + s.share_3 * ln(greatest(s.share_3, 1e-9))
                        + s.share_6 * ln(greatest(s.share_6, 1e-9))
                        + s.share_9 * ln(greatest(s.share_9, 1e-9))
                        + s.share_12 * ln(greatest(s.share_12, 1e-9))
                        + s.share_15 * ln(greatest(s.share_15, 1e-9))
                        + s.share_18 * ln(greatest(s.share_18, 1e-9))
                        + s.share_21 * ln(greatest(s.share_21, 1e-9))
                    ) / ln(8.0)
        end as order_hour_entropy_30d,
        enough(cast(s.max_ten_minute_orders as double), s.orders, many_orders())
            as max_ten_minute_orders_30d,
        enough(coalesce(c.orders_per_buyer, 1.0), s.orders, many_orders())
            as hour_orders_per_buyer_30d
    from statistics as s
    inner join population.seller_spine as e
        on s.observation_id = e.observation_id
    left join busiest_hours as c on s.observation_id = c.observation_id
)

select * from final
