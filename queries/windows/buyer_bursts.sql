-- How regularly, how fast and how dearly each buyer ordered, by snapshot.
--
-- Only who had placed five orders has a row, or two within ten minutes. How unevenly
-- over days and hours is told of ten orders in 90 days.
--
-- grain:   buyer_id, as_of
-- params:  none
-- returns: buyer_id                   varchar
--          as_of                      date     only days before it count
--          gap_hours_last_10          double   hours: mean gap of the latest ten
--          burstiness_last_10         double   -1..1, as in windows.bursts
--          order_value_own_z_30d      double   sds: dearest of 30 days, own past
--          max_ten_minute_orders_30d  double   most in ten minutes by the clock
--          order_fano_90d             double   as in windows.buyer_spread
--          order_hour_entropy_90d     double   as in windows.buyer_spread
--          observation_id             bigint   of population.observations
with latest_rhythms as (
    select
        s.observation_id,
        r.gap_hours_last_10,
        r.burstiness_last_10
    from windows.buyer_rhythms as r
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and r.buyer_id = n.entity_id
    inner join population.buyer_spine as s
        on
            n.entity_key = s.entity_key
            and within(r.day, s.as_of, 90)
            and (r.next_day is null or r.next_day >= s.as_of)
),

highest_values as (
    select
        s.observation_id,
        max(r.value_z) as order_value_own_z_30d
    from windows.buyer_rhythms as r
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and r.buyer_id = n.entity_id
    inner join population.buyer_spine as s
        on n.entity_key = s.entity_key and within(r.day, s.as_of, 30)
    group by s.observation_id
),

buckets as (
    select
        f.buyer_id,
        f.day,
        f.hour_at,
        cast(floor(extract(minute from f.created_at) / 10.0) as integer)
            as ten_minutes,
        count(distinct f.purchase_id) as orders
    from facts.order_facts as f
    inner join facts.buyer_hours as h
        on f.buyer_id = h.buyer_id and f.hour_at = h.hour_at
    group by all
    having count(distinct f.purchase_id) > 1
),

ten_minute_peaks as (
    select
        s.observation_id,
        cast(max(b.orders) as double) as max_ten_minute_orders_30d
    from buckets as b
    inner join population.buyer_spine as s
        on b.buyer_id = s.buyer_id and within(b.day, s.as_of, 30)
    group by s.observation_id
),

final as (
    select
        e.buyer_id,
        e.as_of,
        l.gap_hours_last_10,
        l.burstiness_last_10,
        d.order_value_own_z_30d,
        f.max_ten_minute_orders_30d,
        u.order_fano_90d,
        u.order_hour_entropy_90d,
        e.observation_id
    from population.buyer_spine as e
    left join latest_rhythms as l on e.observation_id = l.observation_id
    left join highest_values as d on e.observation_id = d.observation_id
    left join ten_minute_peaks as f on e.observation_id = f.observation_id
    left join windows.buyer_spread as u on e.observation_id = u.observation_id
    where
        l.observation_id is not null
        or d.observation_id is not null
        or f.observation_id is not null
)

select * from final
