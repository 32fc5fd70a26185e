-- The currency in which pages show money, at its rate of the last day.
--
-- grain:   currency
-- params:  none
-- returns: currency      varchar  code of ISO 4217
--          usd_per_unit  double   USD per currency unit; null = nobody knows
--          decimals      bigint   of an amount, by its minor unit
--          rate_day      date     day of the rate; null = delivered as it is
with source as (
    select * from raw.display_currency
),

order_rates as (
    select
        currency,
        cast(created_at as date) as rate_day,
        median(usd_per_unit) as usd_per_unit
    from raw.orders
    where currency in (select s.currency from source as s)
    group by currency, cast(created_at as date)
),

latest_rates as (
    select
        currency,
        max(rate_day) as rate_day,
        arg_max(usd_per_unit, rate_day) as usd_per_unit
    from order_rates
    group by currency
),

final as (
    select
        cast(s.currency as varchar) as currency,
        cast(
            coalesce(s.usd_per_unit, r.usd_per_unit) as double
        ) as usd_per_unit,
        cast(
            round(log10(minor_per_unit(s.currency))) as bigint
        ) as decimals,
        if(s.usd_per_unit is null, r.rate_day, null) as rate_day
    from source as s
    left join latest_rates as r on s.currency = r.currency
)

select * from final
