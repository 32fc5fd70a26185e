-- How far each column stands apart in two windows of days, the furthest beyond noise first.
--
-- From day histograms, so any window is held against any other. KS is of known values of a
-- number; the noise of PSI is what days without a change scatter by (drift.data_days), at
-- the size of these windows. A column that takes days to settle has fewer of them. Several
-- markets are compared at the mix of now: more orders of one market are no drift.
--
-- grain:   column_name
-- params:  since           date
--          until           date
--          before_since    date
--          before_until    date
--          markets         varchar[]  list, empty = every
--          slice           varchar    market of drift.data_days, or all
-- returns: column_name     varchar
--          psi             double
--          noise           double     null where too few days were compared
--          ks              double     null of levels
--          jensen_shannon  double     0..1, base 2
--          missing_before  double     0..1
--          missing         double     0..1
--          unseen          double     0..1, in levels the reference does not have
--          tail            double     0..1, above 99.9 % of the reference
--          orders_before   bigint
--          orders          bigint
with sums as (
    select
        column_name,
        market,
        bin,
        sum(orders) filter (
            where day >= cast($before_since as date)
            and day <= cast($before_until as date)
        ) as before,
        sum(orders) filter (
            where day >= cast($since as date) and day <= cast($until as date)
        ) as now
    from drift.day_histograms
    where is_chosen(cast($markets as varchar[]), market)
    group by column_name, market, bin
),

market_sums as (
    select
        *,
        sum(before) over (partition by column_name, market) as market_before,
        sum(now) over (partition by column_name, market) as market_now
    from sums
),

-- The days before, at the mix of markets of now.
mixed as (
    select
        column_name,
        bin,
        sum(coalesce(before, 0) * market_now / market_before) as before,
        sum(coalesce(now, 0)) as now,
        sum(coalesce(before, 0)) as before_count
    from market_sums
    where market_before > 0 and market_now > 0
    group by column_name, bin
),

shares as (
    select
        s.column_name,
        s.bin,
        b.kind,
        b.high = cast('infinity' as double) as is_tail,
        s.before,
        s.now,
        sum(s.before) over (partition by s.column_name) as before_weight,
        sum(s.before_count) over (partition by s.column_name) as orders_before,
        sum(s.now) over (partition by s.column_name) as orders
    from mixed as s
    inner join drift.bins as b
        on s.column_name = b.column_name and s.bin = b.bin
),

parts as (
    select
        *,
        before / before_weight as p,
        cast(now as double) / orders as q,
        sum(before) filter (where kind = 'number') over up_to
        / nullif(
            sum(before) filter (where kind = 'number') over whole, 0
        )
        - sum(now) filter (where kind = 'number') over up_to
        / nullif(
            sum(now) filter (where kind = 'number') over whole, 0
        ) as gap
    from shares
    window
        up_to as (partition by column_name order by bin),
        whole as (partition by column_name)
),

distances as (
    select
        column_name,
        sum(
            (greatest(q, 1e-4) - greatest(p, 1e-4))
            * ln(greatest(q, 1e-4) / greatest(p, 1e-4))
        ) as psi,
        max(abs(gap)) as ks,
        sqrt(
            greatest(
                sum(
                    case
                        when p > 0 then p * log2(2 * p / (p + q))
                        else 0.0
                    end
                    + case
                        when q > 0 then q * log2(2 * q / (p + q))
                        else 0.0
                    end
                ) / 2,
                0.0
            )
        ) as jensen_shannon,
        coalesce(sum(p) filter (where kind = 'missing'), 0.0)
            as missing_before,
        coalesce(sum(q) filter (where kind = 'missing'), 0.0) as missing,
        coalesce(sum(q) filter (where kind = 'unseen'), 0.0) as unseen,
        coalesce(sum(q) filter (where is_tail), 0.0) as tail,
        cast(any_value(orders_before) as bigint) as orders_before,
        cast(any_value(orders) as bigint) as orders
    from parts
    group by column_name
),

scatter as (
    select
        column_name,
        median(psi_floor * orders) as floor_an_order
    from drift.data_days
    where market = $slice and against = 'trailing'
    group by column_name
)

select
    d.column_name,
    d.psi,
    n.floor_an_order * (1.0 / d.orders + 1.0 / d.orders_before) as noise,
    d.ks,
    d.jensen_shannon,
    d.missing_before,
    d.missing,
    d.unseen,
    d.tail,
    d.orders_before,
    d.orders
from distances as d
left join scatter as n on d.column_name = n.column_name
order by d.psi / noise desc nulls last, d.column_name asc nulls last
