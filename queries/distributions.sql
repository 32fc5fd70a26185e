-- Values whose distribution is watched, made known to the connection that runs a query.

-- Whether a day is of the first reference_days of the data of its market.
create or replace temp macro is_of_reference(day, first_whole_day) as
day < first_whole_day + cast(reference_days() as integer);

-- One row for each order and column, once the value is final, of whole local days only: one
-- that is missing has a row, one that may still come has none. That is some twenty rows an
-- order, so they are read from drift.order_values each time and never stored.
create or replace temp macro settled_values() as table (
    select
        o.*,
        is_of_reference(o.day, s.first_whole_day) as is_reference
    from (
        select
            column_name,
            market,
            day,
            cluster_id,
            cluster_share,
            number,
            cast(null as varchar) as level
        from drift.order_values
        unpivot include nulls (
            number for column_name in (
                amount_usd, discount_usd, shipping_usd, items, commission_rate,
                click_seconds, view_seconds, payment_seconds, buyer_age_days,
                listing_age_days, dispatch_hours, delivery_days, parcel_grams,
                carrier_scans
            )
        )
        union all
        select
            column_name,
            market,
            day,
            cluster_id,
            cluster_share,
            cast(null as double) as number,
            level
        from drift.order_values
        unpivot include nulls (
            level for column_name in (
                payment_method, channel, category, currency, billing_match,
                express, prior_view, carrier, rating, refund_reason
            )
        )
    ) as o
    inner join drift.columns as c on o.column_name = c.column_name
    inner join metrics.clocks as s on o.market = s.market
    where o.day between s.first_whole_day and s.last_whole_day - c.settled_days
);
