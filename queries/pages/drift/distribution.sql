-- One column in two windows of days: shares of orders by bin.
--
-- Several markets are compared at the mix of now: more orders of one market are no drift.
--
-- grain:   bin
-- params:  column_name    varchar
--          since          date
--          until          date
--          before_since   date
--          before_until   date
--          markets        varchar[]  list, empty = every
-- returns: bin            integer
--          kind           varchar    number, level, missing, unseen
--          low            double     of a number
--          high           double     of a number
--          level          varchar    as delivered: hostile until escaped
--          before         double     0..1
--          now            double     0..1
with sums as (
    select
        market,
        bin,
        coalesce(
            sum(orders) filter (
                where day >= cast($before_since as date)
                and day <= cast($before_until as date)
            ),
            0
        ) as before,
        coalesce(
            sum(orders) filter (
                where day >= cast($since as date)
                and day <= cast($until as date)
            ),
            0
        ) as now
    from drift.day_histograms
    where
        column_name = $column_name
        and is_chosen(cast($markets as varchar[]), market)
    group by market, bin
),

market_sums as (
    select
        *,
        sum(before) over (partition by market) as market_before,
        sum(now) over (partition by market) as market_now
    from sums
),

mixed as (
    select
        bin,
        sum(before * market_now / market_before) as before,
        sum(now) as now
    from market_sums
    where market_before > 0 and market_now > 0
    group by bin
)

select
    b.bin,
    b.kind,
    b.low,
    b.high,
    b.level,
    cast(m.before / sum(m.before) over () as double) as before,
    cast(m.now / sum(m.now) over () as double) as now
from drift.bins as b
inner join mixed as m on b.bin = m.bin
where b.column_name = $column_name and (m.before > 0 or m.now > 0)
order by b.bin asc nulls last
