-- What was known of each active buyer at each snapshot.
--
-- A rate is null where fewer events than it needs were seen: too little history
-- is unknown, never zero. Each column's words and raw rows: evidence/buyer.toml.
-- A snapshot is taken at midnight: the hour before it says only that it is night. What
-- an hour can say is how busy the busiest one of a day, a week and a month was.
--
-- grain:   buyer_id, as_of
-- params:  none
-- returns: buyer_id                        varchar
--          as_of                           date     midnight UTC; only what came before is known
--          orders_1d                       double   count: orders, 1 day
--          orders_7d                       double   count: orders, 7 days
--          orders_30d                      double   count: orders, 30 days
--          orders_90d                      double   count: orders, 90 days
--          spend_usd_1d                    double   USD: spend, 1 day
--          spend_usd_7d                    double   USD: spend, 7 days
--          spend_usd_30d                   double   USD: spend, 30 days
--          spend_usd_90d                   double   USD: spend, 90 days
--          max_hour_orders_1d              double   count: busiest hour, 1 day
--          max_hour_orders_7d              double   count: busiest hour, 7 days
--          max_hour_orders_30d             double   count: busiest hour, 30 days
--          orders_per_merchant_30d         double   ratio: orders per shop, 30 days
--          voucher_usd_90d                 double   USD: voucher value, 90 days
--          voucher_order_share_90d         double   share 0..1: orders with a voucher, 90 days
--          new_buyer_voucher_share_90d     double   share 0..1: orders with a new-buyer voucher, 90 days
--          tight_basket_share_90d          double   share 0..1: baskets just above the minimum spend, 90 days
--          young_account_order_share_90d   double   share 0..1: orders in the account's first week, 90 days
--          unseen_order_share_90d          double   share 0..1: orders without an earlier look, 90 days
--          fast_pay_order_share_90d        double   share 0..1: orders paid within a minute, 90 days
--          instant_order_share_90d         double   share 0..1: orders under 5 s after the click, 90 days
--          creator_device_order_share_90d  double   share 0..1: orders from the promoting creator's device, 90 days
--          refunds_30d                     double   count: refunds, 30 days
--          refunds_90d                     double   count: refunds, 90 days
--          refund_usd_90d                  double   USD: refunded value, 90 days
--          refund_rate_30d                 double   per order: refund requests, 30 days
--          refund_rate_90d                 double   per order: refund requests, 90 days
--          not_received_90d                double   count: not-received claims, 90 days
--          disproved_claims_90d            double   count: not-received claims after delivery, 90 days
--          copied_claims_90d               double   count: claims in copied words, 90 days
--          late_refund_share_90d           double   share 0..1: refunds asked 12 days or more after the order, 90 days
--          light_return_share_90d          double   share 0..1: returns under half the weight, 90 days
--          five_star_share_90d             double   share 0..1: five-star reviews, 90 days
--          fast_review_share_90d           double   share 0..1: reviews within 48 h of delivery, 90 days
--          review_rate_90d                 double   ratio: reviews per delivery, 90 days
--          light_parcel_share_90d          double   share 0..1: parcels under half the declared weight, 90 days
--          few_scan_share_90d              double   share 0..1: parcels with two scans or fewer, 90 days
--          device_accounts                 double   count: accounts on one device, a household once
--          address_accounts                double   count: accounts at one address, a household once
--          payment_token_accounts          double   count: accounts on one payment token, a household once
--          account_age_days                double   days: account age
--          declined_payments_30d           double   count: refused payment attempts, 30 days
--          cards_90d                       double   count: payment tokens tried or used, 90 days
--          billing_mismatch_share_90d      double   share 0..1: orders billed elsewhere, 90 days
--          short_look_share_90d            double   share 0..1: orders after under 30 s on the listing, 90 days
--          cancelled_share_90d             double   per order: orders cancelled or never paid, 90 days
--          takeover_orders_90d             double   count: orders right after a strange device's change, 90 days
--          unauthorised_reports_90d        double   count: unauthorised by owner or bank, 90 days
--          copied_reviews_90d              double   count: longer reviews in other accounts' words, 90 days
--          live_comments_90d               double   count: sampled live comments, 90 days
--          script_comments_90d             double   count: of these, sentences from a script, 90 days
--          review_crew_90d                 double   count: reviewers of the same two listings, 90 days
--          staged_orders_90d               double   count: orders placed for show in a live room, 90 days
--          order_pace_7d_90d               double   ratio: pace of the last week against 90 days
--          order_pace_30d_90d              double   ratio: pace of the last 30 days against 90 days
--          order_gap_hours_last_10         double   hours: mean time between the latest ten orders
--          order_burstiness_last_10        double   -1..1: burstiness of the time between the latest ten orders
--          order_value_own_z_30d           double   sds: dearest order of 30 days against the ten before it
--          order_fano_90d                  double   ratio: variance / mean of daily orders, 90 days
--          order_hour_entropy_90d          double   0..1: entropy of the three-hour blocks of orders, 90 days
--          max_ten_minute_orders_30d       double   count: most orders in ten minutes, 30 days
--          orders_peer_z_90d               double   robust sds: orders against peers, 90 days
--          average_order_peer_z_90d        double   robust sds: average order against peers, 90 days
--          refund_rate_peer_z_90d          double   robust sds: refund rate against peers, 90 days
--          lockstep_partners_2h            double   count: accounts met 3 times within 2 hours
--          lockstep_partners_1d            double   count: accounts met 3 times within a day
--          lockstep_partners_3d            double   count: accounts met 4 times within 3 days
--          lockstep_core                   double   count: partners who have as many partners
--          lockstep_group_size             double   count: accounts of its lockstep group
--          lockstep_density                double   share 0..1: pairs of its lockstep group
--          linked_strength                double   ratio: ties to accounts that share something, by rarity
--          close_linked_accounts                double   count: accounts that share two kinds of things with it
--          linked_bad_share               double   share 0..1: linked accounts confirmed bad, drawn to the base rate
--          linked_apart_days              double   days: between its registration and linked accounts'
--          linked_refunds_90d             double   ratio: refunds per linked account, 90 days
--          refunds_over_linked_90d        double   ratio: its refunds less those per linked account, 90 days
--          linked_max_refunds_90d         double   count: most refunds of one linked account, 90 days
--          linked_vouchers_90d            double   ratio: new-buyer vouchers per linked account, 90 days
--          linked_refunds_sd_90d          double   ratio: sd of refunds over linked accounts, 90 days
--          linked_refunds_log_90d         double   ratio: ln(1 + refunds of linked accounts), 90 days
--          linked_low_raters_90d          double   count: linked accounts who rated a shop badly where it did, 90 days
--          near_copied_reviews_90d         double   count: reviews nearly in another's words that week, 90 days
--          merchant_device_log_90d             double   ratio: accounts on its shops' buyers' devices, mean over its orders, 90 days
--          merchant_device_log_sd_90d          double   ratio: its sd over these orders, 90 days
--          merchant_device_log_max_90d         double   ratio: the most of these, 90 days
--          device_log_over_merchants_90d       double   ratio: accounts on its own devices less that mean, 90 days
--          merchant_light_parcel_share_90d     double   share 0..1: its shops' parcels under half the weight, mean over its orders, 90 days
--          merchant_light_parcel_max_90d       double   share 0..1: the most of these, 90 days
--          merchant_orders_log_90d             double   ratio: ln(1 + orders of these shops), 90 days
with final as (
    select
        w.buyer_id,
        w.as_of,
        w.orders_1d,
        w.orders_7d,
        w.orders_30d,
        w.orders_90d,
        w.gmv_usd_1d as spend_usd_1d,
        w.gmv_usd_7d as spend_usd_7d,
        w.gmv_usd_30d as spend_usd_30d,
        w.gmv_usd_90d as spend_usd_90d,
        w.max_hour_orders_1d,
        w.max_hour_orders_7d,
        w.max_hour_orders_30d,
        case
            when w.orders_30d >= 1.0 and w.counterparties_30d > 0.0
                then w.orders_30d / w.counterparties_30d
        end as orders_per_merchant_30d,
        w.voucher_usd_90d,
        rate(w.voucher_orders_90d, w.orders_90d, 1.0)
            as voucher_order_share_90d,
        rate(w.new_buyer_vouchers_90d, w.orders_90d, 1.0)
            as new_buyer_voucher_share_90d,
        rate(w.tight_baskets_90d, w.orders_90d, 1.0) as tight_basket_share_90d,
        rate(w.young_account_orders_90d, w.orders_90d, 1.0)
            as young_account_order_share_90d,
        rate(w.unseen_orders_90d, w.orders_90d, 1.0) as unseen_order_share_90d,
        rate(w.fast_pay_orders_90d, w.orders_90d, 1.0)
            as fast_pay_order_share_90d,
        rate(w.instant_orders_90d, w.orders_90d, 1.0)
            as instant_order_share_90d,
        rate(w.creator_device_orders_90d, w.orders_90d, 1.0)
            as creator_device_order_share_90d,
        w.refunds_30d,
        w.refunds_90d,
        w.refund_usd_90d,
        rate(w.refunds_30d, w.orders_30d, 2.0) as refund_rate_30d,
        rate(w.refunds_90d, w.orders_90d, 2.0) as refund_rate_90d,
        w.not_received_90d,
        w.disproved_claims_90d,
        w.copied_claims_90d,
        rate(w.late_refunds_90d, w.refunds_90d, 1.0) as late_refund_share_90d,
        case
            when w.weighed_returns_90d > 0.0
                then w.light_returns_90d / w.weighed_returns_90d
        end as light_return_share_90d,
        rate(w.five_stars_90d, w.reviews_90d, 1.0) as five_star_share_90d,
        rate(w.fast_reviews_90d, w.reviews_90d, 1.0) as fast_review_share_90d,
        rate(w.reviews_90d, w.deliveries_90d, 1.0) as review_rate_90d,
        rate(w.light_parcels_90d, w.deliveries_90d, 1.0)
            as light_parcel_share_90d,
        rate(w.few_scan_parcels_90d, w.deliveries_90d, 1.0)
            as few_scan_share_90d,
        coalesce(n.device_accounts, 1.0) as device_accounts,
        coalesce(n.address_accounts, 1.0) as address_accounts,
        coalesce(n.payment_token_accounts, 1.0) as payment_token_accounts,
        age_days(e.registered_at, w.as_of) as account_age_days,
        coalesce(c.declined_payments_30d, 0.0) as declined_payments_30d,
        enough(coalesce(c.cards_90d, 1.0), w.orders_90d, 1.0) as cards_90d,
        rate(coalesce(c.billing_mismatches_90d, 0.0), w.orders_90d, 1.0)
            as billing_mismatch_share_90d,
        rate(coalesce(c.short_looks_90d, 0.0), w.orders_90d, 1.0)
            as short_look_share_90d,
        rate(
            coalesce(c.cancellations_90d + c.lapsed_orders_90d, 0.0),
            w.orders_90d + coalesce(c.lapsed_orders_90d, 0.0),
            2.0
        ) as cancelled_share_90d,
        coalesce(c.takeover_orders_90d, 0.0) as takeover_orders_90d,
        coalesce(c.unauthorised_reports_90d, 0.0) as unauthorised_reports_90d,
        coalesce(c.copied_reviews_90d, 0.0) as copied_reviews_90d,
        coalesce(c.live_comments_90d, 0.0) as live_comments_90d,
        coalesce(c.script_comments_90d, 0.0) as script_comments_90d,
        coalesce(g.review_crew_90d, 0.0) as review_crew_90d,
        coalesce(g.staged_orders_90d, 0.0) as staged_orders_90d,
        x.* exclude (observation_id),
        s.device_log as merchant_device_log_90d,
        s.device_log_sd as merchant_device_log_sd_90d,
        s.device_log_max as merchant_device_log_max_90d,
        s.own_device_log - s.device_log as device_log_over_merchants_90d,
        s.light_parcels as merchant_light_parcel_share_90d,
        s.light_parcels_max as merchant_light_parcel_max_90d,
        s.orders_log as merchant_orders_log_90d
    from windows.buyer_windows as w
    inner join surroundings.buyer_context as x
        on w.observation_id = x.observation_id
    left join staging.buyers as e on w.buyer_id = e.buyer_id
    left join windows.buyer_neighbours as n
        on w.observation_id = n.observation_id
    left join windows.buyer_conduct as c on w.observation_id = c.observation_id
    left join windows.buyer_crews as g on w.observation_id = g.observation_id
    left join surroundings.buyer_merchants as s
        on w.observation_id = s.observation_id
)

select * from final
