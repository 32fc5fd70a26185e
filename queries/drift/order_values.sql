-- Each paid order with the columns whose distribution is watched, as delivered.
--
-- What becomes of an order counts up to a fixed age, so that days are comparable once they
-- are that old: a parcel within 7 days, its arrival within 14, a rating within 14, a request
-- for money back within refund_days. Null is missing; free samples are left out.
-- Orders of one live room, or else of one listing, come together on a day: a cluster. All
-- of one are also counted as one, cluster_share adds up to 1. Ages end at reference_days:
-- the oldest account only grows older with the length of the data.
--
-- grain:   order_id
-- params:  none
-- returns: order_id          varchar
--          market            varchar  of the shop
--          day               date     local day the order was placed
--          cluster_id        varchar  live room, or else listing
--          cluster_share     double   1 / orders of its cluster that day
--          amount_usd        double   USD paid
--          discount_usd      double   USD
--          shipping_usd      double   USD
--          items             double
--          commission_rate   double   promised to the creator
--          click_seconds     double   from the click on the listing
--          view_seconds      double   the listing was looked at
--          payment_seconds   double   from the order to its payment
--          buyer_age_days    double   since registered, at most so many
--          listing_age_days  double   since it went up, at most so many
--          dispatch_hours    double   to the first parcel
--          delivery_days     double   to its arrival
--          parcel_grams      double   as the carrier weighed it
--          carrier_scans     double
--          payment_method    varchar
--          channel           varchar
--          category          varchar  of the listing
--          currency          varchar
--          billing_match     varchar  yes, no
--          express           varchar  yes, no
--          prior_view        varchar  yes, no
--          carrier           varchar  of the first parcel
--          rating            varchar  stars, or none
--          refund_reason     varchar  of the first request, or none
with parcels as (
    select
        order_id,
        min(shipped_at) as shipped_at,
        arg_min(carrier, shipped_at) as carrier,
        arg_min(delivered_at, shipped_at) as delivered_at,
        arg_min(weight_grams, shipped_at) as weight_grams,
        arg_min(scan_count, shipped_at) as scan_count
    from staging.shipments
    group by order_id
),

ratings as (
    select
        order_id,
        min(created_at) as created_at,
        arg_min(rating, created_at) as rating
    from staging.reviews
    group by order_id
),

requests as (
    select
        order_id,
        min(requested_at) as requested_at,
        arg_min(reason, requested_at) as reason
    from staging.refunds
    group by order_id
),

sales as (
    select
        o.*,
        c.market,
        p.category,
        p.listed_at,
        b.registered_at,
        coalesce(o.live_session_id, o.product_id) as cluster_id,
        local_day(o.created_at, c.time_zone) as local_day
    from staging.orders as o
    inner join staging.merchants as m on o.merchant_id = m.merchant_id
    inner join metrics.clocks as c on m.market = c.market
    left join staging.products as p on o.product_id = p.product_id
    left join staging.buyers as b on o.buyer_id = b.buyer_id
    where not o.is_sample
),

final as (
    select
        s.order_id,
        s.market,
        s.local_day as day,
        s.cluster_id,
        1.0 / count(*) over (
            partition by s.market, s.local_day, s.cluster_id
        ) as cluster_share,
        s.paid_usd as amount_usd,
        s.voucher_usd as discount_usd,
        s.shipping_usd,
        cast(s.quantity as double) as items,
        s.commission_rate,
        s.click_to_order_seconds as click_seconds,
        s.view_seconds,
        -- Paid in the very instant of the order: no clock of the payment.
        case
            when s.paid_at > s.created_at
                then cast(
                    date_diff('second', s.created_at, s.paid_at) as double
                )
        end as payment_seconds,
        least(
            date_diff('minute', s.registered_at, s.created_at) / 1440.0,
            reference_days()
        ) as buyer_age_days,
        least(
            date_diff('minute', s.listed_at, s.created_at) / 1440.0,
            reference_days()
        ) as listing_age_days,
        case
            when x.shipped_at < s.created_at + interval 7 day
                then date_diff('minute', s.created_at, x.shipped_at) / 60.0
        end as dispatch_hours,
        case
            when x.delivered_at < s.created_at + interval 14 day
                then date_diff('minute', s.created_at, x.delivered_at) / 1440.0
        end as delivery_days,
        case
            when x.delivered_at < s.created_at + interval 14 day
                then x.weight_grams
        end as parcel_grams,
        case
            when x.delivered_at < s.created_at + interval 14 day
                then cast(x.scan_count as double)
        end as carrier_scans,
        s.payment_method,
        s.channel,
        s.category,
        s.currency,
        case
            when s.is_billing_match then 'yes'
            when not s.is_billing_match then 'no'
        end as billing_match,
        case
            when s.is_express then 'yes'
            when not s.is_express then 'no'
        end as express,
        case
            when s.has_prior_view then 'yes'
            when not s.has_prior_view then 'no'
        end as prior_view,
        x.carrier,
        case
            when r.created_at < s.created_at + interval 14 day
                then cast(r.rating as varchar)
            else 'none'
        end as rating,
        case
            when
                q.requested_at
                < s.created_at + refund_days() * interval 1 day
                then q.reason
            else 'none'
        end as refund_reason
    from sales as s
    left join parcels as x on s.order_id = x.order_id
    left join ratings as r on s.order_id = r.order_id
    left join requests as q on s.order_id = q.order_id
)

select * from final
