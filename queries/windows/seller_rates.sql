-- What shops, creators and listings sold, to whom, and what came back, by snapshot.
--
-- A rate is null where fewer events than it needs were seen: too little history
-- is unknown, never zero.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type                      varchar  merchant, creator, product
--          entity_id                        varchar
--          as_of                            date     only days before it count
--          orders_1d                        double   count: orders, 1 day
--          orders_7d                        double   count: orders, 7 days
--          orders_30d                       double   count: orders, 30 days
--          orders_90d                       double   count: orders, 90 days
--          gmv_usd_1d                       double   USD: gmv, 1 day
--          gmv_usd_7d                       double   USD: gmv, 7 days
--          gmv_usd_30d                      double   USD: gmv, 30 days
--          gmv_usd_90d                      double   USD: gmv, 90 days
--          order_pace_7d_90d                double   ratio: pace of the last week against 90 days
--          average_order_usd_30d            double   USD: average order value, 30 days
--          orders_per_buyer_30d             double   ratio: orders per buyer, 30 days
--          orders_per_device_30d            double   ratio: orders per device, 30 days
--          max_hour_orders_1d               double   count: busiest hour, 1 day
--          max_hour_orders_7d               double   count: busiest hour, 7 days
--          max_hour_orders_30d              double   count: busiest hour, 30 days
--          voucher_order_share_7d           double   share 0..1: orders with a voucher, 7 days
--          voucher_order_share_30d          double   share 0..1: orders with a voucher, 30 days
--          new_buyer_voucher_share_30d      double   share 0..1: orders with a new-buyer voucher, 30 days
--          tight_basket_share_30d           double   share 0..1: baskets just above the minimum spend, 30 days
--          young_account_order_share_7d     double   share 0..1: orders from new accounts, 7 days
--          young_account_order_share_30d    double   share 0..1: orders from new accounts, 30 days
--          crowded_device_order_share_7d    double   share 0..1: orders from crowded devices, 7 days
--          crowded_device_order_share_30d   double   share 0..1: orders from crowded devices, 30 days
--          crowded_address_order_share_30d  double   share 0..1: orders to crowded addresses, 30 days
--          shared_token_order_share_30d     double   share 0..1: orders on shared payment tokens, 30 days
--          unseen_order_share_7d            double   share 0..1: orders without an earlier look, 7 days
--          unseen_order_share_30d           double   share 0..1: orders without an earlier look, 30 days
--          fast_pay_order_share_30d         double   share 0..1: orders paid within a minute, 30 days
--          live_order_share_30d             double   share 0..1: orders from live streams, 30 days
--          refund_rate_7d                   double   share 0..1: refund rate, 7 days
--          refund_rate_30d                  double   share 0..1: refund rate, 30 days
--          refund_rate_90d                  double   share 0..1: refund rate, 90 days
--          not_received_rate_90d            double   share 0..1: not-received claims, 90 days
--          low_quality_rate_90d             double   share 0..1: quality refunds, 90 days
--          review_rate_30d                  double   ratio: reviews per delivery, 30 days
--          rating_mean_90d                  double   ratio: mean rating, 90 days
--          five_star_share_30d              double   share 0..1: five-star reviews, 30 days
--          fast_review_share_30d            double   share 0..1: reviews within 48 h of delivery, 30 days
--          low_star_share_90d               double   share 0..1: one and two-star reviews, 90 days
--          light_parcel_share_30d           double   share 0..1: parcels under half the declared weight, 30 days
--          fast_delivery_share_30d          double   share 0..1: parcels delivered within 12 hours, 30 days
--          few_scan_share_30d               double   share 0..1: parcels with two scans or fewer, 30 days
--          complaint_rate_90d               double   ratio: complaints about parcel or goods, per order, 90 days
--          repeated_review_share_90d        double   share 0..1: reviews in words used before, 90 days
--          confirmed_bad_order_share_90d    double   share 0..1: orders by confirmed bad buyers, 90 days

-- Who only went live sold nothing, and yet has a row.
with hosts as (
    select
        'creator' as entity_type,
        creator_id as entity_id,
        as_of
    from windows.creator_audience
    where live_sessions_30d > 0.0
),

final as (
    select
        coalesce(w.entity_type, h.entity_type) as entity_type,
        coalesce(w.entity_id, h.entity_id) as entity_id,
        coalesce(w.as_of, h.as_of) as as_of,
        coalesce(w.orders_1d, 0.0) as orders_1d,
        coalesce(w.orders_7d, 0.0) as orders_7d,
        coalesce(w.orders_30d, 0.0) as orders_30d,
        coalesce(w.orders_90d, 0.0) as orders_90d,
        coalesce(w.gmv_usd_1d, 0.0) as gmv_usd_1d,
        coalesce(w.gmv_usd_7d, 0.0) as gmv_usd_7d,
        coalesce(w.gmv_usd_30d, 0.0) as gmv_usd_30d,
        coalesce(w.gmv_usd_90d, 0.0) as gmv_usd_90d,
        enough(
            pace(w.orders_7d, 7, w.orders_90d, 90), w.orders_90d, least_orders()
        ) as order_pace_7d_90d,
        rate(w.gmv_usd_30d, w.orders_30d, least_orders())
            as average_order_usd_30d,
        enough(
            w.orders_30d / nullif(w.counterparties_30d, 0.0),
            w.orders_30d,
            least_orders()
        ) as orders_per_buyer_30d,
        enough(
            w.orders_30d / nullif(w.devices_30d, 0.0),
            w.orders_30d,
            least_orders()
        ) as orders_per_device_30d,
        coalesce(w.max_hour_orders_1d, 0.0) as max_hour_orders_1d,
        coalesce(w.max_hour_orders_7d, 0.0) as max_hour_orders_7d,
        coalesce(w.max_hour_orders_30d, 0.0) as max_hour_orders_30d,
        rate(w.voucher_orders_7d, w.orders_7d, least_orders())
            as voucher_order_share_7d,
        rate(w.voucher_orders_30d, w.orders_30d, least_orders())
            as voucher_order_share_30d,
        rate(w.new_buyer_vouchers_30d, w.orders_30d, least_orders())
            as new_buyer_voucher_share_30d,
        rate(w.tight_baskets_30d, w.orders_30d, least_orders())
            as tight_basket_share_30d,
        rate(w.young_account_orders_7d, w.orders_7d, least_orders())
            as young_account_order_share_7d,
        rate(w.young_account_orders_30d, w.orders_30d, least_orders())
            as young_account_order_share_30d,
        rate(w.crowded_device_orders_7d, w.orders_7d, least_orders())
            as crowded_device_order_share_7d,
        rate(w.crowded_device_orders_30d, w.orders_30d, least_orders())
            as crowded_device_order_share_30d,
        rate(w.crowded_address_orders_30d, w.orders_30d, least_orders())
            as crowded_address_order_share_30d,
        rate(w.shared_token_orders_30d, w.orders_30d, least_orders())
            as shared_token_order_share_30d,
        rate(w.unseen_orders_7d, w.orders_7d, least_orders())
            as unseen_order_share_7d,
        rate(w.unseen_orders_30d, w.orders_30d, least_orders())
            as unseen_order_share_30d,
        rate(w.fast_pay_orders_30d, w.orders_30d, least_orders())
            as fast_pay_order_share_30d,
        rate(w.live_orders_30d, w.orders_30d, least_orders())
            as live_order_share_30d,
        rate(w.refunds_7d, w.orders_7d, least_orders()) as refund_rate_7d,
        rate(w.refunds_30d, w.orders_30d, least_orders()) as refund_rate_30d,
        rate(w.refunds_90d, w.orders_90d, least_orders()) as refund_rate_90d,
        rate(w.not_received_90d, w.orders_90d, least_orders())
            as not_received_rate_90d,
        rate(w.low_quality_refunds_90d, w.orders_90d, least_orders())
            as low_quality_rate_90d,
        rate(w.reviews_30d, w.deliveries_30d, least_deliveries())
            as review_rate_30d,
        rate(w.rating_sum_90d, w.reviews_90d, 5.0) as rating_mean_90d,
        rate(w.five_stars_30d, w.reviews_30d, least_reviews())
            as five_star_share_30d,
        rate(w.fast_reviews_30d, w.reviews_30d, least_reviews())
            as fast_review_share_30d,
        rate(w.low_stars_90d, w.reviews_90d, least_reviews())
            as low_star_share_90d,
        rate(w.light_parcels_30d, w.deliveries_30d, least_deliveries())
            as light_parcel_share_30d,
        rate(w.fast_deliveries_30d, w.deliveries_30d, least_deliveries())
            as fast_delivery_share_30d,
        rate(w.few_scan_parcels_30d, w.deliveries_30d, least_deliveries())
            as few_scan_share_30d,
        rate(coalesce(t.complaints_90d, 0.0), w.orders_90d, least_orders())
            as complaint_rate_90d,
        rate(
            coalesce(r.repeated_reviews_90d, 0.0), w.reviews_90d, many_reviews()
        ) as repeated_review_share_90d,
        rate(
            coalesce(n.confirmed_bad_orders_90d, 0.0),
            w.orders_90d,
            least_orders()
        ) as confirmed_bad_order_share_90d
    from windows.entity_windows as w
    full outer join hosts as h
        on
            w.entity_type = h.entity_type
            and w.entity_id = h.entity_id
            and w.as_of = h.as_of
    left join windows.trouble_totals as t
        on
            w.entity_type = t.entity_type
            and w.entity_id = t.entity_id
            and w.as_of = t.as_of
    left join windows.review_totals as r
        on
            w.entity_type = r.entity_type
            and w.entity_id = r.entity_id
            and w.as_of = r.as_of
    left join windows.entity_neighbours as n
        on
            w.entity_type = n.entity_type
            and w.entity_id = n.entity_id
            and w.as_of = n.as_of
)

select * from final
