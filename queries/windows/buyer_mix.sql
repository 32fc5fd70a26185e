-- What kind of accounts bought from each shop, creator and listing, by snapshot.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type         varchar  merchant, creator, product
--          entity_id           varchar
--          as_of               date
--          buyer_age_mean_30d  double   days: age of the accounts at their orders
--          buyer_age_sd_30d    double   days: its standard deviation
--          device_log_30d      double   mean of ln(accounts on the order's device)
--          address_log_30d     double   mean of ln(accounts at its address)
--          max_device_30d      double   most accounts on the device of an order
--          bad_buyers_30d      double   buyers whose last verdict is bad
--          base_rate           double   share of all buyers confirmed bad
with totals as (
    select
        d.observation_id,
        cast(sum(c.orders) as double) as orders,
        cast(sum(c.age_sum) as double) as age_sum,
        cast(
            sum(c.age_squares) - sum(c.age_sum) * sum(c.age_sum) / sum(c.orders)
            as double
        ) as age_spread,
        cast(sum(c.device_log) as double) as device_log,
        cast(sum(c.address_log) as double) as address_log,
        cast(max(c.max_device) as double) as max_device
    from days.order_days as c
    inner join population.seller_spine as d
        on c.entity_key = d.entity_key and within(c.day, d.as_of, 30)
    group by d.observation_id
),

entity_types as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
    union all
    select 'product' as entity_type
),

bad_buyer_orders as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then o.merchant_id
            when 'creator' then o.creator_id
            else o.product_id
        end as entity_id,
        o.buyer_id,
        o.day,
        v.known_day,
        v.replaced_day
    from facts.order_facts as o
    inner join facts.verdicts as v
        on
            o.buyer_id = v.entity_id
            and v.entity_type = 'buyer'
            and v.label = 'bad'
    cross join entity_types as k
),

bad_buyers as (
    select
        d.observation_id,
        count(distinct b.buyer_id) as buyers
    from bad_buyer_orders as b
    inner join facts.entity_keys as n
        on b.entity_type = n.entity_type and b.entity_id = n.entity_id
    inner join population.seller_spine as d
        on
            n.entity_key = d.entity_key
            and within(b.day, d.as_of, 30)
            and in_force(b.known_day, b.replaced_day, d.as_of)
    group by d.observation_id
),

final as (
    select
        d.entity_type,
        d.entity_id,
        d.as_of,
        s.age_sum / s.orders as buyer_age_mean_30d,
        case
            when s.orders > 1.0
                then sqrt(greatest(s.age_spread, 0.0) / (s.orders - 1.0))
        end as buyer_age_sd_30d,
        s.device_log / s.orders as device_log_30d,
        s.address_log / s.orders as address_log_30d,
        s.max_device as max_device_30d,
        number(c.buyers) as bad_buyers_30d,
        r.base_rate
    from totals as s
    inner join population.seller_spine as d
        on s.observation_id = d.observation_id
    inner join population.base_rates as r
        on r.entity_type = 'buyer' and d.as_of = r.as_of
    left join bad_buyers as c on s.observation_id = c.observation_id
)

select * from final
