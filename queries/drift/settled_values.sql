-- Each value that is watched, once for each order and column, when it is final.
--
-- Whole local days only; a value that is missing has a row of its own, one that may still
-- come has none.
--
-- grain:   order_id, column_name
-- params:  none
-- returns: order_id       varchar
--          column_name    varchar
--          market         varchar  of the shop
--          day            date     local day the order was placed
--          cluster_id     varchar  drift.order_values
--          cluster_share  double   1 / orders of its cluster that day
--          number         double   null of a level, and where it is missing
--          level          varchar  null of a number, and where it is missing
--          is_reference   boolean  of the first reference_days of the data
with numbers as (
    select
        order_id,
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
            amount_usd,
            discount_usd,
            shipping_usd,
            items,
            commission_rate,
            click_seconds,
            view_seconds,
            payment_seconds,
            buyer_age_days,
            listing_age_days,
            dispatch_hours,
            delivery_days,
            parcel_grams,
            carrier_scans
        )
    )
),

levels as (
    select
        order_id,
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
            payment_method,
            channel,
            category,
            currency,
            billing_match,
            express,
            prior_view,
            carrier,
            rating,
            refund_reason
        )
    )
),

observations as (
    select *
    from numbers
    union all
    select *
    from levels
),

final as (
    select
        o.*,
        o.day < s.first_whole_day + cast(reference_days() as integer)
            as is_reference
    from observations as o
    inner join drift.columns as c on o.column_name = c.column_name
    inner join metrics.clocks as s on o.market = s.market
    where
        o.day >= s.first_whole_day
        and o.day <= s.last_whole_day - c.settled_days
)

select * from final
