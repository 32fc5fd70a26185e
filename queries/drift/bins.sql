-- The bins of each column, frozen on the first reference_days of the data.
--
-- A number has bins between quantiles of the reference, closed above, the outermost of them
-- the tails; a level has a bin of its own. Missing is bin 0, a level that the reference does
-- not have bin -1. The same bins for every market, so that markets and days add up.
--
-- grain:   column_name, bin
-- params:  none
-- returns: column_name  varchar
--          bin          integer
--          kind         varchar  number, level, missing, unseen
--          low          double   of a number; -infinity in the first bin
--          high         double   of a number; infinity in the last one
--          level        varchar  of a level
with quantiles as (
    select
        column_name,
        quantile_cont(
            number,
            [
                0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5,
                0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999
            ]
        ) as edges
    from settled_values()
    where is_reference and number is not null
    group by column_name
),

edges as (
    select
        column_name,
        unnest(edges) as edge
    from quantiles
    union
    select
        'payment_seconds' as column_name,
        fast_payment_seconds() as edge
),

ordered as (
    select
        column_name,
        edge,
        lag(edge) over (partition by column_name order by edge) as edge_before,
        row_number() over (partition by column_name order by edge) as place
    from edges
),

last_edges as (
    select
        column_name,
        max(edge) as edge,
        max(place) as place
    from ordered
    group by column_name
),

frequencies as (
    select
        column_name,
        level,
        row_number() over (
            partition by column_name
            order by count(*) desc, level asc
        ) as place
    from settled_values()
    where is_reference and level is not null
    group by column_name, level
),

final as (
    select
        column_name,
        cast(place as integer) as bin,
        'number' as kind,
        coalesce(edge_before, cast('-infinity' as double)) as low,
        edge as high,
        cast(null as varchar) as level
    from ordered
    union all
    select
        column_name,
        cast(place + 1 as integer) as bin,
        'number' as kind,
        edge as low,
        cast('infinity' as double) as high,
        cast(null as varchar) as level
    from last_edges
    union all
    select
        column_name,
        cast(place as integer) as bin,
        'level' as kind,
        cast(null as double) as low,
        cast(null as double) as high,
        level
    from frequencies
    union all
    select
        column_name,
        0 as bin,
        'missing' as kind,
        cast(null as double) as low,
        cast(null as double) as high,
        cast(null as varchar) as level
    from drift.columns
    union all
    select
        column_name,
        -1 as bin,
        'unseen' as kind,
        cast(null as double) as low,
        cast(null as double) as high,
        cast(null as varchar) as level
    from drift.columns
    where kind = 'level'
)

select * from final
