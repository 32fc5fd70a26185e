-- What was known of each active creator at each snapshot.
--
-- A rate is null where fewer events than it needs were seen: too little history
-- is unknown, never zero. Each column's words and raw rows: evidence/creator.toml.
-- A snapshot is taken at midnight: the hour before it says only that it is night. What
-- an hour can say is how busy the busiest one of a day, a week and a month was.
--
-- grain:   creator_id, as_of
-- params:  none
-- returns: creator_id                       varchar
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
--          commission_usd_30d               double   USD: commission, 30 days
--          commission_rate_30d              double   share 0..1: commission per gmv, 30 days
--          instant_order_share_30d          double   share 0..1: orders under 5 s after the click, 30 days
--          instant_order_share_90d          double   share 0..1: orders under 5 s after the click, 90 days
--          own_device_order_share_90d       double   share 0..1: orders from the creator's own device, 90 days
--          affiliate_order_share_30d        double   share 0..1: orders by affiliate link, 30 days
--          late_refund_share_90d            double   share 0..1: refunds asked 12 days or more after the order, 90 days
--          confirmed_bad_order_share_90d    double   share 0..1: orders by confirmed bad buyers, 90 days
--          live_sessions_30d                double   count: live sessions, 30 days
--          live_views_30d                   double   count: live views, 30 days
--          watch_seconds_30d                double   seconds: mean watch time, 30 days
--          watch_variation_30d              double   ratio: variation of watch time, 30 days
--          distinct_comment_share_30d       double   share 0..1: distinct comments, 30 days
--          comments_per_view_30d            double   ratio: comments per view, 30 days
--          young_viewer_share_30d           double   share 0..1: young viewer accounts, 30 days
--          viewers_per_device_30d           double   ratio: viewers per device, 30 days
--          clicks_per_view_30d              double   share 0..1: product clicks per view, 30 days
--          follows_per_view_30d             double   share 0..1: new followers per view, 30 days
--          peak_view_share_30d              double   share 0..1: peak audience against views, 30 days
--          slot_fee_usd_30d                 double   USD: slot fees, 30 days
--          video_views_30d                  double   count: video plays, 30 days
--          followers                        double   count: followers
--          follower_growth_7d               double   share 0..1: follower growth, 7 days
--          follower_growth_30d              double   share 0..1: follower growth, 30 days
--          follower_loss_14d                double   share 0..1: followers lost from the 14-day peak
--          device_creators                  double   count: creators on the same streaming device
--          account_age_days                 double   days: account age
--          arrival_peak_share_90d           double   share 0..1: entries of one room in 5 minutes, 90 days
--          machine_signs_90d                double   count: signs of a machine audience in one room, 90 days
--          comments_per_account_90d         double   ratio: comments per account, 90 days
--          script_comment_share_90d         double   share 0..1: comments from a script, 90 days
--          early_order_share_90d            double   share 0..1: live orders in the first 30 minutes, 90 days
--          cancelled_share_90d              double   per order: orders cancelled, 90 days
--          late_mismatch_rate_90d           double   per order: live orders not as described, days 5 to 15, 90 days
--          mismatch_complaint_rate_90d      double   per order: complaints that goods differ, 90 days
--          paid_refund_rate_90d             double   per order: refunds asked after the commission was paid, 90 days
--          follower_day_loss_30d            double   share 0..1: followers lost in one day, 30 days
--          slight_signs_30d                 double   count: slight signs of machines in one room, 30 days
--          bank_takeovers_90d               double   count: bank and locks changed by a stranger, 90 days
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
--          linked_instant_share_30d            double   share 0..1: mean of linked creators' orders under 5 s after the click, 30 days
--          linked_instant_sd_30d               double   share 0..1: sd of these shares, 30 days
--          linked_instant_max_30d              double   share 0..1: the largest of these shares, 30 days
--          instant_over_linked_30d             double   -1..1: its share of such orders less that mean, 30 days
--          linked_orders_log_30d               double   ratio: ln(1 + orders of linked creators), 30 days
--          merchant_device_log_30d              double   ratio: accounts on buyers' devices, mean over its shops, 30 days
--          merchant_device_log_sd_30d           double   ratio: its sd over these shops, 30 days
--          merchant_device_log_max_30d          double   ratio: the most of these shops, 30 days
--          device_log_over_merchants_30d        double   ratio: its buyers' own less that mean, 30 days
--          merchant_orders_log_30d              double   ratio: ln(1 + orders of its shops), 30 days
--          merchant_bad_share_30d               double   share 0..1: of its shops confirmed bad, drawn to the base rate, 30 days
with final as (
    select
        s.entity_id as creator_id,
        s.as_of,
        s.* exclude (
            entity_type,
            entity_id,
            as_of,
            fast_pay_order_share_30d,
            live_order_share_30d,
            light_parcel_share_30d,
            fast_delivery_share_30d,
            few_scan_share_30d,
            complaint_rate_90d,
            repeated_review_share_90d,
            confirmed_bad_order_share_90d
        ),
        r.* exclude (creator_id, as_of),
        c.* exclude (
            entity_type,
            entity_id,
            as_of,
            late_dispatch_share_30d,
            slow_parcel_share_30d,
            dispute_rate_90d,
            quality_complaint_rate_90d,
            one_star_share_90d,
            rating_entropy_90d,
            rating_polarisation_90d,
            near_copied_review_share_90d
        ),
        k.instant_share_30d as linked_instant_share_30d,
        k.instant_sd_30d as linked_instant_sd_30d,
        k.instant_max_30d as linked_instant_max_30d,
        r.instant_order_share_30d - k.instant_share_30d
            as instant_over_linked_30d,
        k.orders_log_30d as linked_orders_log_30d,
        p.device_log_30d as merchant_device_log_30d,
        p.device_log_sd_30d as merchant_device_log_sd_30d,
        p.device_log_max_30d as merchant_device_log_max_30d,
        c.buyer_device_log_30d - p.device_log_30d
            as device_log_over_merchants_30d,
        p.orders_log_30d as merchant_orders_log_30d,
        smoothed_rate(p.bad_partners, p.partners, p.base_rate)
            as merchant_bad_share_30d
    from windows.seller_rates as s
    inner join windows.creator_rates as r
        on s.entity_id = r.creator_id and s.as_of = r.as_of
    inner join surroundings.seller_context as c
        on
            s.entity_type = c.entity_type
            and s.entity_id = c.entity_id
            and s.as_of = c.as_of
    left join surroundings.linked_creators as k
        on s.entity_id = k.creator_id and s.as_of = k.as_of
    left join surroundings.partners as p
        on
            s.entity_type = p.entity_type
            and s.entity_id = p.entity_id
            and s.as_of = p.as_of
    where s.entity_type = 'creator'
)

select * from final
