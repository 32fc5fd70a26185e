-- What kind of accounts ordered in each live session, by snapshot.
--
-- Only sessions with an order have a row. What the host's other buyers are like is
-- windows.buyer_mix: the session's are compared with them.
--
-- grain:   live_session_id, as_of
-- params:  none
-- returns: live_session_id  varchar
--          as_of            date
--          buyer_age_mean   double   days: age of the accounts at their orders
--          buyer_age_sd     double   days: its standard deviation; null below two
--          device_log       double   mean of ln(accounts on the order's device)
--          max_device       double   most accounts on the device of an order
--          bad_buyers       double   buyers whose last verdict is bad
--          base_rate        double   share of all buyers confirmed bad
with orders as (
    select
        o.live_session_id,
        o.buyer_id,
        o.placed_on,
        cast(f.buyer_age_days as decimal(12, 4)) as age,
        cast(ln(f.device_accounts) as decimal(12, 6)) as device_log,
        f.device_accounts
    from facts.session_orders as o
    inner join facts.order_facts as f on o.order_id = f.order_id
),

totals as (
    select
        t.live_session_id,
        t.as_of,
        cast(count(*) as double) as orders,
        cast(sum(p.age) as double) as age_sum,
        cast(
            sum(p.age * p.age) - sum(p.age) * sum(p.age) / count(*) as double
        ) as age_spread,
        cast(sum(p.device_log) as double) as device_log,
        cast(max(p.device_accounts) as double) as max_device,
        cast(count(distinct v.entity_id) as double) as bad_buyers
    from windows.session_trade as t
    inner join orders as p
        on
            t.live_session_id = p.live_session_id
            and t.as_of > p.placed_on
    left join facts.verdicts as v
        on
            v.entity_type = 'buyer'
            and v.label = 'bad'
            and p.buyer_id = v.entity_id
            and in_force(v.known_day, v.replaced_day, t.as_of)
    group by t.live_session_id, t.as_of
),

final as (
    select
        s.live_session_id,
        s.as_of,
        s.age_sum / s.orders as buyer_age_mean,
        case
            when s.orders > 1.0
                then sqrt(greatest(s.age_spread, 0.0) / (s.orders - 1.0))
        end as buyer_age_sd,
        s.device_log / s.orders as device_log,
        s.max_device,
        s.bad_buyers,
        r.base_rate
    from totals as s
    inner join population.base_rates as r
        on r.entity_type = 'buyer' and s.as_of = r.as_of
)

select * from final
