-- How large a shop was on each day that it sold, by what was known before that day.
--
-- Paid orders a day over the 28 days before; in the first week of the data over that week,
-- so that no shop looks small because the data begin.
--
-- grain:   merchant_id, day
-- params:  none
-- returns: merchant_id    varchar
--          day            date     UTC day on which orders were paid
--          merchant_tier  varchar  new (under 60 days old), small, medium, large
with first_day as (
    select min(day) as day
    from facts.order_facts
),

days as (
    select
        merchant_id,
        day,
        count(*) as orders
    from facts.order_facts
    group by merchant_id, day
),

first_weeks as (
    select
        d.merchant_id,
        sum(d.orders) / 7.0 as orders_per_day
    from days as d
    inner join first_day as f on d.day < f.day + 7
    group by d.merchant_id
),

sums as (
    select
        merchant_id,
        day,
        sum(orders) over (
            partition by merchant_id
            order by day
            range between interval 28 day preceding
            and interval 1 day preceding
        ) as orders_28d
    from days
),

final as (
    select
        s.merchant_id,
        s.day,
        merchant_tier(
            age_days(m.registered_at, s.day),
            case
                when s.day < f.day + 7 then w.orders_per_day
                else coalesce(s.orders_28d, 0) / least(s.day - f.day, 28.0)
            end
        ) as merchant_tier
    from sums as s
    inner join staging.merchants as m on s.merchant_id = m.merchant_id
    inner join first_day as f on s.day >= f.day
    left join first_weeks as w on s.merchant_id = w.merchant_id
)

select * from final
