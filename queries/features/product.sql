-- What was known of each selling listing at each snapshot.
--
-- A rate is null where fewer events than it needs were seen: too little history
-- is unknown, never zero. Each column's words and raw rows: evidence/product.toml.
-- A snapshot is taken at midnight: the hour before it says only that it is night. What
-- an hour can say is how busy the busiest one of a day, a week and a month was.
--
-- grain:   product_id, as_of
-- params:  none
-- returns: product_id                       varchar
--          as_of                            date     midnight UTC; only what came before is known
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
--          refund_rate_7d                   double   per order: refund requests, 7 days
--          refund_rate_30d                  double   per order: refund requests, 30 days
--          refund_rate_90d                  double   per order: refund requests, 90 days
--          not_received_rate_90d            double   per order: not-received claims, 90 days
--          low_quality_rate_90d             double   per order: quality refunds, 90 days
--          review_rate_30d                  double   ratio: reviews per delivery, 30 days
--          rating_mean_90d                  double   ratio: mean rating, 90 days
--          five_star_share_30d              double   share 0..1: five-star reviews, 30 days
--          fast_review_share_30d            double   share 0..1: reviews within 48 h of delivery, 30 days
--          low_star_share_90d               double   share 0..1: one and two-star reviews, 90 days
--          light_parcel_share_30d           double   share 0..1: parcels under half the declared weight, 30 days
--          fast_delivery_share_30d          double   share 0..1: parcels delivered within 12 hours, 30 days
--          few_scan_share_30d               double   share 0..1: parcels with two scans or fewer, 30 days
--          price_to_category                double   ratio: price against the category
--          confirmed_bad_order_share_90d    double   share 0..1: orders by confirmed bad buyers, 90 days
--          account_age_days                 double   days: account age
--          complaint_rate_90d               double   ratio: complaints about parcel or goods, per order, 90 days
--          repeated_review_share_90d        double   share 0..1: reviews in words used before, 90 days
--          price_to_first                   double   ratio: price against its own first version
--          price_to_brand                   double   ratio: price against the brand's median
--          is_turned                        double   0 or 1: in another category than first
--          edits_30d                        double   count: new versions but prices of approved sales, 30 days
--          gone_image_products              double   count: gone listings that showed its picture
--          is_misspelt_brand                double   0 or 1: named nearly like a brand
--          counterfeit_rate_90d             double   ratio: reports of fakes per order, 90 days
--          order_pace_1d_30d                double   ratio: pace of the last day against 30 days
--          order_pace_7d_30d                double   ratio: pace of the last week against 30 days
--          order_pace_30d_90d               double   ratio: pace of the last 30 days against 90 days
--          busiest_hour_share_30d           double   share 0..1: orders in the busiest hour, 30 days
--          hour_orders_per_buyer_30d        double   ratio: most orders per buyer in an hour of 3 or more, 30 days
--          order_fano_30d                   double   ratio: variance / mean of daily orders, 30 days
--          order_hour_entropy_30d           double   0..1: entropy of the three-hour blocks of orders, 30 days
--          max_ten_minute_orders_30d        double   count: most orders in ten minutes, 30 days
--          orders_own_z_7d                  double   sds of a day: orders of the last week against its own past
--          gmv_own_z_7d                     double   sds of a day: gmv of the last week against its own past
--          refunds_own_z_7d                 double   sds of a day: refunds of the last week against its own past
--          voucher_orders_own_z_7d          double   sds of a day: voucher orders of the last week against its own past
--          crowded_device_orders_own_z_7d   double   sds of a day: crowded-device orders of the last week against its own past
--          orders_peer_z_30d                double   robust sds: orders against peers, 30 days
--          average_order_peer_z_30d         double   robust sds: average order against peers, 30 days
--          voucher_share_peer_z_30d         double   robust sds: voucher orders against peers, 30 days
--          crowded_device_peer_z_30d        double   robust sds: crowded-device orders against peers, 30 days
--          fast_review_peer_z_30d           double   robust sds: fast reviews against peers, 30 days
--          refund_rate_peer_z_90d           double   robust sds: refund rate against peers, 90 days
--          late_dispatch_share_30d          double   share 0..1: late dispatches, 30 days
--          slow_parcel_share_30d            double   share 0..1: parcels over 120 hours on the way, 30 days
--          dispute_rate_90d                 double   ratio: bank disputes about the goods, per order, 90 days
--          quality_complaint_rate_90d       double   ratio: complaints about quality, per order, 90 days
--          one_star_share_90d               double   share 0..1: one-star reviews, 90 days
--          rating_entropy_90d               double   0..1: entropy of the five stars, 90 days
--          rating_polarisation_90d          double   0..1: sd of the stars over its maximum, 90 days
--          lockstep_order_share_90d         double   share 0..1: orders by accounts in lockstep, 90 days
--          lockstep_crew_90d                double   count: most buyers of one lockstep group, 90 days
--          buyer_age_mean_30d               double   days: age of the accounts that ordered, 30 days
--          buyer_age_sd_30d                 double   days: standard deviation of these ages, 30 days
--          buyer_device_log_30d             double   ratio: mean ln(accounts on the device of an order), 30 days
--          buyer_address_log_30d            double   ratio: mean ln(accounts at the address of an order), 30 days
--          buyer_max_device_30d             double   count: most accounts on the device of an order, 30 days
--          bad_buyer_share_30d              double   share 0..1: buyers confirmed bad, drawn to the base rate, 30 days
--          fast_reviews_over_merchant_30d       double   -1..1: share of fast reviews less its shop's, 30 days
--          near_copied_review_share_90d     double   share 0..1: reviews nearly in another's words that week, 90 days
--          near_titles                      double   count: listings of unrelated shops with nearly its title
--          merchant_orders_log_30d              double   ratio: ln(1 + orders of its shop's other listings), 30 days
--          device_log_over_merchant_30d         double   ratio: its buyers' own less that at its shop's other listings, 30 days
with final as (
    select
        s.entity_id as product_id,
        s.as_of,
        s.* exclude (
            entity_type,
            entity_id,
            as_of,
            orders_per_device_30d,
            complaint_rate_90d,
            repeated_review_share_90d,
            confirmed_bad_order_share_90d
        ),
        r.* exclude (product_id, as_of),
        c.* exclude (
            entity_type,
            entity_id,
            as_of,
            order_gap_hours_30d,
            order_burstiness_30d,
            order_gap_variation_7d,
            linked_strength,
            linked_bad_share,
            near_copied_review_share_90d
        ),
        s.fast_review_share_30d - m.fast_review_share_30d
            as fast_reviews_over_merchant_30d,
        c.near_copied_review_share_90d,
        coalesce(t.near_titles, 0.0) as near_titles,
        o.orders_log_30d as merchant_orders_log_30d,
        c.buyer_device_log_30d - o.device_log_30d
            as device_log_over_merchant_30d
    from windows.seller_rates as s
    inner join windows.product_rates as r
        on s.entity_id = r.product_id and s.as_of = r.as_of
    inner join surroundings.seller_context as c
        on
            s.entity_type = c.entity_type
            and s.entity_id = c.entity_id
            and s.as_of = c.as_of
    left join staging.products as p on s.entity_id = p.product_id
    left join windows.seller_rates as m
        on
            m.entity_type = 'merchant'
            and p.merchant_id = m.entity_id
            and s.as_of = m.as_of
    left join windows.title_totals as t
        on s.entity_id = t.product_id and s.as_of = t.as_of
    left join surroundings.sibling_listings as o
        on s.entity_id = o.product_id and s.as_of = o.as_of
    where s.entity_type = 'product'
)

select * from final
