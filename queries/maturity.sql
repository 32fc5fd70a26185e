-- Which days may be compared with each other, made known to the connection that runs a query.

-- Days over in every market chosen (none = every one) on which a metric is complete: its
-- cohort has had its days, and where it rests on labels these were fed when the cohort closed.
create or replace temp macro mature_days(markets, maturity, labels) as table (
    with bounds as (
        select
            max(first_whole_day) as first_day,
            min(last_whole_day) as last_day
        from metrics.clocks
        where
            has_orders
            and is_chosen(cast(markets as varchar[]), market)
    ),

    days as (
        select
            cast(
                unnest(
                    generate_series(
                        first_day,
                        last_day - cast(maturity as integer),
                        interval 1 day
                    )
                ) as date
            ) as day
        from bounds
    )

    select d.day
    from days as d
    left join metrics.label_gaps as g
        on
            labels
            and d.day + cast(maturity as integer)
            between g.day and g.day + 1
    where g.day is null
);

-- Whether a leaf of the cube is within filters written `dimension=value`: of each dimension
-- that is filtered one of its values, of any other all.
create or replace temp macro is_within(filters, dimension, value) as
len(list_filter(filters, lambda one: starts_with(one, dimension || '='))) = 0
or list_contains(filters, dimension || '=' || value);

-- Sum, and share of two sums, over the last four weeks by the age of each day; null = there
-- is nothing in them.
create or replace temp macro monthly(x, age) as
cast(
    sum(cast(x as decimal(24, 6))) filter (where age between 0 and 27) as double
);
create or replace temp macro monthly_rate(part, whole, age) as
rate(monthly(part, age), monthly(whole, age), 1);
