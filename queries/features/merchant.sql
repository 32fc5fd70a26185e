-- What was known of each active shop at each snapshot.
--
-- A rate is null where fewer events than it needs were seen: too little history
-- is unknown, never zero. Each column's words and raw rows: evidence/merchant.toml.
-- A snapshot is taken at midnight: the hour before it says only that it is night. What
-- an hour can say is how busy the busiest one of a day, a week and a month was.
--
-- grain:   merchant_id, as_of
-- params:  none
-- returns: merchant_id                      varchar
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
--          late_dispatch_share_30d          double   share 0..1: late dispatches, 30 days
--          confirmed_bad_order_share_90d    double   share 0..1: orders by confirmed bad buyers, 90 days
--          bank_account_merchants           double   count: shops on the same bank account
--          account_age_days                 double   days: account age
--          late_scan_rate_30d               double   ratio: no carrier scan 72 h after dispatch, per order, 30 days
--          reused_tracking_rate_90d         double   ratio: tracking numbers used before, per order, 90 days
--          wrong_address_share_30d          double   share 0..1: delivered to another door, 30 days
--          complaint_rate_90d               double   ratio: complaints about parcel or goods, per order, 90 days
--          cut_price_order_share_30d        double   share 0..1: orders under 70 % of the first price, 30 days
--          turned_order_share_30d           double   share 0..1: orders of listings in a new category, 30 days
--          own_desk_orders_90d              double   count: orders anywhere from its back-office device, 90 days
--          crew_review_share_90d            double   ratio: largest crew of shared reviewers per review, 90 days
--          repeated_review_share_90d        double   share 0..1: reviews in words used before, 90 days
--          office_merchants                 double   count: other shops on its device or return address
--          closed_siblings                  double   count: closed shops of the same bank, device or address
--          scam_call_rate_90d               double   ratio: scam calls reported by its buyers, per order, 90 days
--          place_scam_calls_90d             double   count: scam calls around its warehouse and order app, 90 days
--          off_hours_opened_share_90d       double   share 0..1: orders opened there outside the shift, 90 days
--          counterfeit_rate_90d             double   ratio: reports of fakes per order of its worst listing, 90 days
--          bank_takeovers_90d               double   count: bank and locks changed by a stranger, 90 days
--          misspelt_listings                double   count: listings named nearly like a brand
--          cut_reported_listings_90d        double   count: listings cut in price and reported as fake, 90 days
--          order_pace_1d_30d                double   ratio: pace of the last day against 30 days
--          order_pace_7d_30d                double   ratio: pace of the last week against 30 days
--          order_pace_30d_90d               double   ratio: pace of the last 30 days against 90 days
--          busiest_hour_share_30d           double   share 0..1: orders in the busiest hour, 30 days
--          hour_orders_per_buyer_30d        double   ratio: most orders per buyer in an hour of 3 or more, 30 days
--          order_gap_hours_30d              double   hours: mean time between orders, 30 days
--          order_burstiness_30d             double   -1..1: burstiness of the time between orders, 30 days
--          order_gap_variation_7d           double   ratio: sd / mean of the time between orders, 7 days
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
--          slow_parcel_share_30d            double   share 0..1: parcels over 120 hours on the way, 30 days
--          dispute_rate_90d                 double   ratio: bank disputes about the goods, per order, 90 days
--          quality_complaint_rate_90d       double   ratio: complaints about quality, per order, 90 days
--          one_star_share_90d               double   share 0..1: one-star reviews, 90 days
--          rating_entropy_90d               double   0..1: entropy of the five stars, 90 days
--          rating_polarisation_90d          double   0..1: sd of the stars over its maximum, 90 days
--          lockstep_order_share_90d         double   share 0..1: orders by accounts in lockstep, 90 days
--          lockstep_crew_90d                double   count: most buyers of one lockstep group, 90 days
--          linked_strength                     double   ratio: ties to others that share something, by rarity
--          linked_bad_share                    double   share 0..1: of these confirmed bad, drawn to the base rate
--          buyer_age_mean_30d               double   days: age of the accounts that ordered, 30 days
--          buyer_age_sd_30d                 double   days: standard deviation of these ages, 30 days
--          buyer_device_log_30d             double   ratio: mean ln(accounts on the device of an order), 30 days
--          buyer_address_log_30d            double   ratio: mean ln(accounts at the address of an order), 30 days
--          buyer_max_device_30d             double   count: most accounts on the device of an order, 30 days
--          bad_buyer_share_30d              double   share 0..1: buyers confirmed bad, drawn to the base rate, 30 days
--          near_copied_review_share_90d     double   share 0..1: reviews nearly in another's words that week, 90 days
--          linked_light_parcel_share_30d       double   share 0..1: mean of linked shops' parcels under half the weight, 30 days
--          linked_light_parcel_sd_30d          double   share 0..1: sd of linked shops' parcels under half the weight, 30 days
--          linked_light_parcel_max_30d         double   share 0..1: the most of linked shops' parcels under half the weight, 30 days
--          linked_orders_log_90d               double   ratio: ln(1 + orders at linked shops), 90 days
--          light_parcels_over_linked_30d       double   -1..1: its share of such parcels less that mean, 30 days
--          linked_bad_order_share_90d          double   share 0..1: orders at linked shops by confirmed bad buyers, drawn to the base rate, 90 days
--          promoter_device_log_30d          double   ratio: accounts on its buyers' devices, mean over its creators, 30 days
--          promoter_device_log_sd_30d       double   ratio: its sd over these creators, 30 days
--          promoter_device_log_max_30d      double   ratio: the most of these creators, 30 days
--          device_log_over_promoters_30d    double   ratio: its buyers' own less that mean, 30 days
--          promoter_orders_log_30d          double   ratio: ln(1 + orders of its creators), 30 days
--          promoter_bad_share_30d           double   share 0..1: of its creators confirmed bad, drawn to the base rate, 30 days
with final as (
    select
        s.entity_id as merchant_id,
        s.as_of,
        s.* exclude (
            entity_type,
            entity_id,
            as_of,
            complaint_rate_90d,
            repeated_review_share_90d,
            confirmed_bad_order_share_90d
        ),
        c.late_dispatch_share_30d,
        s.confirmed_bad_order_share_90d,
        r.* exclude (merchant_id, as_of),
        c.* exclude (entity_type, entity_id, as_of, late_dispatch_share_30d),
        k.light_parcel_share_30d as linked_light_parcel_share_30d,
        k.light_parcel_sd_30d as linked_light_parcel_sd_30d,
        k.light_parcel_max_30d as linked_light_parcel_max_30d,
        enough(ln(1.0 + k.orders_90d), k.orders_90d, 1.0)
            as linked_orders_log_90d,
        s.light_parcel_share_30d - k.light_parcel_share_30d
            as light_parcels_over_linked_30d,
        enough(
            smoothed_rate(k.bad_orders_90d, k.orders_90d, k.base_rate),
            k.orders_90d,
            1.0
        ) as linked_bad_order_share_90d,
        p.device_log_30d as promoter_device_log_30d,
        p.device_log_sd_30d as promoter_device_log_sd_30d,
        p.device_log_max_30d as promoter_device_log_max_30d,
        c.buyer_device_log_30d - p.device_log_30d
            as device_log_over_promoters_30d,
        p.orders_log_30d as promoter_orders_log_30d,
        smoothed_rate(p.bad_partners, p.partners, p.base_rate)
            as promoter_bad_share_30d
    from windows.seller_rates as s
    inner join windows.merchant_rates as r
        on s.entity_id = r.merchant_id and s.as_of = r.as_of
    inner join surroundings.seller_context as c
        on
            s.entity_type = c.entity_type
            and s.entity_id = c.entity_id
            and s.as_of = c.as_of
    left join surroundings.linked_shops as k
        on s.entity_id = k.merchant_id and s.as_of = k.as_of
    left join surroundings.partners as p
        on
            s.entity_type = p.entity_type
            and s.entity_id = p.entity_id
            and s.as_of = p.as_of
    where s.entity_type = 'merchant'
)

select * from final
