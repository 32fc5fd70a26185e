-- How the prices of each shop's listings were spread by each day one was listed.
--
-- A shelf is all that a shop has listed until then, removed or not. Prices are those
-- listed first; their logarithms are exact decimals, so that sums do not drift.
--
-- grain:   merchant_id, day
-- params:  none
-- returns: merchant_id  varchar
--          day          date
--          next_day     date            something was listed again; null = not yet
--          listings     bigint
--          log_sum      decimal(38,9)   ln(USD), summed
--          log_squares  decimal(38,18)  of these the squares
--          log_max      decimal(18,9)   the dearest
with listed as (
    select
        merchant_id,
        cast(listed_at as date) as day,
        cast(ln(price_usd) as decimal(18, 9)) as price_log
    from staging.products
    where price_usd > 0.0
),

days as (
    select
        merchant_id,
        day,
        count(*) as listings,
        sum(price_log) as log_sum,
        sum(price_log * price_log) as log_squares,
        max(price_log) as log_max
    from listed
    group by merchant_id, day
),

described as (
    select
        merchant_id,
        day,
        lead(day) over (
            partition by merchant_id
            order by day
        ) as next_day,
        cast(sum(listings) over so_far as bigint) as listings,
        sum(log_sum) over so_far as log_sum,
        sum(log_squares) over so_far as log_squares,
        max(log_max) over so_far as log_max
    from days
    window so_far as (
        partition by merchant_id
        order by day
        rows between unbounded preceding and current row
    )
)

select * from described
