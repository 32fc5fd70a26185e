-- Values whose distribution is watched, made known to the connection that runs a query.
--
-- One row for each order and column, once the value is final, of whole local days only: one
-- that is missing has a row, one that may still come has none. That is some twenty rows an
-- order, so they are read from drift.order_values each time and never stored.

-- Whether a day is of the first reference_days of the data of its market.
create or replace temp macro is_of_reference(day, first_whole_day) as
day < first_whole_day + cast(reference_days() as integer);

create or replace temp macro settled_numbers() as table (
    select
        v.column_name,
        v.market,
        v.day,
        v.cluster_id,
        v.cluster_share,
        v.number,
        is_of_reference(v.day, s.first_whole_day) as is_reference
    from drift.order_values
    unpivot include nulls (
        number for column_name in (
            amount_usd, discount_usd, shipping_usd, items, commission_rate,
            click_seconds, view_seconds, payment_seconds, buyer_age_days,
            listing_age_days, dispatch_hours, delivery_days, parcel_grams,
            carrier_scans
        )
    ) as v
    inner join drift.columns as c on v.column_name = c.column_name
    inner join metrics.clocks as s on v.market = s.market
    where v.day between s.first_whole_day and s.last_whole_day - c.settled_days
);

create or replace temp macro settled_levels() as table (
    select
        v.column_name,
        v.market,
        v.day,
        v.cluster_id,
        v.cluster_share,
        v.level,
        is_of_reference(v.day, s.first_whole_day) as is_reference
    from drift.order_values
    unpivot include nulls (
        level for column_name in (
            payment_method, channel, category, currency, billing_match,
            express, prior_view, carrier, rating, refund_reason
        )
    ) as v
    inner join drift.columns as c on v.column_name = c.column_name
    inner join metrics.clocks as s on v.market = s.market
    where v.day between s.first_whole_day and s.last_whole_day - c.settled_days
);
