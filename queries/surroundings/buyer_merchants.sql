-- What the shops are like at which each buyer ordered, by snapshot.
--
-- Each order of 90 days counts its shop once, as the shop was in the 30 days before
-- the snapshot: what its other buyers share is the second hop. What a shop does is
-- known of every shop, what it was convicted of only of the few that were judged. The
-- buyer's own orders are among the shop's.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id     bigint  a buyer at a snapshot
--          device_log         double  mean over its orders of their shops' mean
--                                     ln(accounts on a buyer's device)
--          device_log_sd      double  its standard deviation; two orders or more
--          device_log_max     double  the largest of these
--          own_device_log     double  ln(accounts on its own devices), same orders
--          light_parcels      double  mean over its orders of their shops' share of
--                                     parcels under half the declared weight
--          light_parcels_max  double  the largest of these
--          orders_log         double  ln(1 + orders of these shops in 30 days)
with totals as (
    select
        s.observation_id,
        cast(count(c.device_log_30d) as double) as logs,
        cast(sum(c.device_log_30d) as double) as log_sum,
        cast(sum(c.device_log_30d * c.device_log_30d) as double)
            as log_squares,
        cast(max(c.device_log_30d) as double) as log_max,
        cast(
            sum(cast(ln(f.device_accounts) as decimal(12, 6))) filter (
                where c.device_log_30d is not null
            ) as double
        ) as own_sum,
        cast(sum(c.light_30d) as double) / nullif(count(c.light_30d), 0)
            as light_parcels,
        cast(max(c.light_30d) as double) as light_parcels_max,
        ln(1.0 + sum(c.orders_30d)) as orders_log
    from facts.order_facts as f
    inner join population.buyer_spine as s
        on f.buyer_id = s.buyer_id and within(f.day, s.as_of, 90)
    inner join surroundings.merchant_conduct as c
        on f.merchant_id = c.merchant_id and s.as_of = c.as_of
    group by s.observation_id
),

final as (
    select
        observation_id,
        log_sum / nullif(logs, 0.0) as device_log,
        sample_sd(logs, log_sum, log_squares) as device_log_sd,
        log_max as device_log_max,
        own_sum / nullif(logs, 0.0) as own_device_log,
        light_parcels,
        light_parcels_max,
        orders_log
    from totals
)

select * from final
