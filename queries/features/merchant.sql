-- What was known of each active shop at each snapshot.
--
-- A rate is null where fewer events than it needs were seen: too little history
-- is unknown, never zero. Each column's words and raw rows: evidence/merchant.toml.
-- A snapshot is taken at midnight: the hour before it says only that it is night. What
-- an hour can say is how busy the busiest one of a day, a week and a month was.
--
-- grain:   merchant_id, as_of
-- params:  none
-- returns: merchant_id                       varchar
--          as_of                             date     midnight UTC; only what came before is known
--          orders_1d                         double   count: orders, 1 day
--          orders_7d                         double   count: orders, 7 days
--          orders_30d                        double   count: orders, 30 days
--          orders_90d                        double   count: orders, 90 days
--          gmv_usd_1d                        double   USD: gmv, 1 day
--          gmv_usd_7d                        double   USD: gmv, 7 days
--          gmv_usd_30d                       double   USD: gmv, 30 days
--          gmv_usd_90d                       double   USD: gmv, 90 days
--          order_pace_7d_90d                 double   ratio: pace of the last week against 90 days
--          average_order_usd_30d             double   USD: average order value, 30 days
--          orders_per_buyer_30d              double   ratio: orders per buyer, 30 days
--          orders_per_device_30d             double   ratio: orders per device, 30 days
--          max_hour_orders_1d                double   count: busiest hour, 1 day
--          max_hour_orders_7d                double   count: busiest hour, 7 days
--          max_hour_orders_30d               double   count: busiest hour, 30 days
--          voucher_order_share_7d            double   share 0..1: orders with a voucher, 7 days
--          voucher_order_share_30d           double   share 0..1: orders with a voucher, 30 days
--          new_buyer_voucher_share_30d       double   share 0..1: orders with a new-buyer voucher, 30 days
--          tight_basket_share_30d            double   share 0..1: baskets just above the minimum spend, 30 days
--          young_account_order_share_7d      double   share 0..1: orders from new accounts, 7 days
--          young_account_order_share_30d     double   share 0..1: orders from new accounts, 30 days
--          crowded_device_order_share_7d     double   share 0..1: orders from crowded devices, 7 days
--          crowded_device_order_share_30d    double   share 0..1: orders from crowded devices, 30 days
--          crowded_address_order_share_30d   double   share 0..1: orders to crowded addresses, 30 days
--          shared_token_order_share_30d      double   share 0..1: orders on shared payment tokens, 30 days
--          unseen_order_share_7d             double   share 0..1: orders without an earlier look, 7 days
--          unseen_order_share_30d            double   share 0..1: orders without an earlier look, 30 days
--          fast_pay_order_share_30d          double   share 0..1: orders paid within a minute, 30 days
--          live_order_share_30d              double   share 0..1: orders from live streams, 30 days
--          refund_rate_7d                    double   share 0..1: refund rate, 7 days
--          refund_rate_30d                   double   share 0..1: refund rate, 30 days
--          refund_rate_90d                   double   share 0..1: refund rate, 90 days
--          not_received_rate_90d             double   share 0..1: not-received claims, 90 days
--          low_quality_rate_90d              double   share 0..1: quality refunds, 90 days
--          review_rate_30d                   double   ratio: reviews per delivery, 30 days
--          rating_mean_90d                   double   ratio: mean rating, 90 days
--          five_star_share_30d               double   share 0..1: five-star reviews, 30 days
--          fast_review_share_30d             double   share 0..1: reviews within 48 h of delivery, 30 days
--          low_star_share_90d                double   share 0..1: one and two-star reviews, 90 days
--          light_parcel_share_30d            double   share 0..1: parcels under half the declared weight, 30 days
--          fast_delivery_share_30d           double   share 0..1: parcels delivered within 12 hours, 30 days
--          few_scan_share_30d                double   share 0..1: parcels with two scans or fewer, 30 days
--          late_dispatch_share_30d           double   share 0..1: late dispatches, 30 days
--          confirmed_bad_order_share_90d     double   share 0..1: orders by confirmed bad buyers, 90 days
--          bank_account_merchants            double   count: shops on the same bank account
--          account_age_days                  double   days: account age
--          late_scan_rate_30d                double   ratio: no carrier scan 72 h after dispatch, per order, 30 days
--          reused_tracking_rate_90d          double   ratio: tracking numbers used before, per order, 90 days
--          wrong_address_share_30d           double   share 0..1: delivered to another door, 30 days
--          complaint_rate_90d                double   ratio: complaints about parcel or goods, per order, 90 days
--          cut_price_order_share_30d         double   share 0..1: orders under 70 % of the first price, 30 days
--          turned_order_share_30d            double   share 0..1: orders of listings in a new category, 30 days
--          own_desk_orders_90d               double   count: orders anywhere from its back-office device, 90 days
--          crew_review_share_90d             double   ratio: largest crew of shared reviewers per review, 90 days
--          repeated_review_share_90d         double   share 0..1: reviews in words used before, 90 days
--          office_merchants                  double   count: other shops on its device or return address
--          closed_siblings                   double   count: closed shops of the same bank, device or address
--          scam_call_rate_90d                double   ratio: scam calls reported by its buyers, per order, 90 days
--          place_scam_calls_90d              double   count: scam calls around its warehouse and order app, 90 days
--          off_hours_opened_share_90d        double   share 0..1: orders opened there outside the shift, 90 days
--          order_pace_1d_30d                 double   ratio: pace of the last day against 30 days
--          order_pace_7d_30d                 double   ratio: pace of the last week against 30 days
--          order_pace_30d_90d                double   ratio: pace of the last 30 days against 90 days
--          busiest_hour_share_30d            double   share 0..1: orders in the busiest hour, 30 days
--          hour_orders_per_buyer_30d         double   ratio: most orders per buyer in an hour of 3 or more, 30 days
--          order_gap_hours_30d               double   hours: mean time between orders, 30 days
--          order_burstiness_30d              double   -1..1: burstiness of the time between orders, 30 days
--          order_gap_variation_7d            double   ratio: sd / mean of the time between orders, 7 days
--          order_fano_30d                    double   ratio: variance / mean of daily orders, 30 days
--          order_hour_entropy_30d            double   0..1: entropy of the three-hour blocks of orders, 30 days
--          max_ten_minute_orders_30d         double   count: most orders in ten minutes, 30 days
--          orders_own_z_7d                   double   sds of a day: orders of the last week against its own past
--          gmv_own_z_7d                      double   sds of a day: gmv of the last week against its own past
--          refunds_own_z_7d                  double   sds of a day: refunds of the last week against its own past
--          voucher_orders_own_z_7d           double   sds of a day: voucher orders of the last week against its own past
--          crowded_device_orders_own_z_7d    double   sds of a day: crowded-device orders of the last week against its own past
--          orders_peer_z_30d                 double   robust sds: orders against peers, 30 days
--          average_order_peer_z_30d          double   robust sds: average order against peers, 30 days
--          voucher_share_peer_z_30d          double   robust sds: voucher orders against peers, 30 days
--          crowded_device_peer_z_30d         double   robust sds: crowded-device orders against peers, 30 days
--          fast_review_peer_z_30d            double   robust sds: fast reviews against peers, 30 days
--          refund_rate_peer_z_90d            double   robust sds: refund rate against peers, 90 days
--          slow_parcel_share_30d             double   share 0..1: parcels over 120 hours on the way, 30 days
--          dispute_rate_90d                  double   ratio: bank disputes about the goods, per order, 90 days
--          quality_complaint_rate_90d        double   ratio: complaints about quality, per order, 90 days
--          one_star_share_90d                double   share 0..1: one-star reviews, 90 days
--          rating_entropy_90d                double   0..1: entropy of the five stars, 90 days
--          rating_polarisation_90d           double   0..1: sd of the stars over its maximum, 90 days
--          lockstep_order_share_90d          double   share 0..1: orders by accounts in lockstep, 90 days
--          lockstep_crew_90d                 double   count: most buyers of one lockstep group, 90 days
--          kin_strength                      double   ratio: ties to others that share something, by rarity
--          kin_bad_share                     double   share 0..1: of these confirmed bad, drawn to the base rate
--          buyer_age_mean_30d                double   days: age of the accounts that ordered, 30 days
--          buyer_age_sd_30d                  double   days: standard deviation of these ages, 30 days
--          buyer_device_log_30d              double   ratio: mean ln(accounts on the device of an order), 30 days
--          buyer_address_log_30d             double   ratio: mean ln(accounts at the address of an order), 30 days
--          buyer_max_device_30d              double   count: most accounts on the device of an order, 30 days
--          bad_buyer_share_30d               double   share 0..1: buyers confirmed bad, drawn to the base rate, 30 days
--          near_copied_review_share_90d      double   share 0..1: reviews nearly in another's words that week, 90 days
--          kin_light_parcel_share_30d        double   share 0..1: mean of its kin's parcels under half the weight, 30 days
--          kin_light_parcel_sd_30d           double   share 0..1: sd of its kin's parcels under half the weight, 30 days
--          kin_light_parcel_max_30d          double   share 0..1: the most of its kin's parcels under half the weight, 30 days
--          kin_orders_log_90d                double   ratio: ln(1 + orders at its kin), 90 days
--          light_parcels_over_kin_30d        double   -1..1: its share of such parcels less that mean, 30 days
--          kin_bad_order_share_90d           double   share 0..1: orders at its kin by confirmed bad buyers, drawn to the base rate, 90 days
--          promoter_device_log_30d           double   ratio: buyers' device company, mean over its creators, 30 days
--          promoter_device_log_sd_30d        double   ratio: its sd over these creators, 30 days
--          promoter_device_log_max_30d       double   ratio: the most of these creators, 30 days
--          device_log_over_promoters_30d     double   ratio: its buyers' own less that mean, 30 days
--          promoter_orders_log_30d           double   ratio: ln(1 + orders of its creators), 30 days
--          promoter_bad_share_30d            double   share 0..1: of its creators confirmed bad, drawn to the base rate, 30 days
with conduct as (
    select
        w.entity_id as merchant_id,
        w.as_of,
        rate(coalesce(t.late_scans_30d, 0.0), w.orders_30d, least_orders())
            as late_scan_rate_30d,
        rate(coalesce(t.reused_tracking_90d, 0.0), w.orders_90d, least_orders())
            as reused_tracking_rate_90d,
        rate(
            coalesce(t.wrong_addresses_30d, 0.0),
            w.deliveries_30d,
            least_deliveries()
        ) as wrong_address_share_30d,
        rate(coalesce(t.complaints_90d, 0.0), w.orders_90d, least_orders())
            as complaint_rate_90d,
        rate(
            coalesce(t.cut_price_orders_30d, 0.0), w.orders_30d, least_orders()
        ) as cut_price_order_share_30d,
        rate(coalesce(t.turned_orders_30d, 0.0), w.orders_30d, least_orders())
            as turned_order_share_30d,
        coalesce(t.own_desk_orders_90d, 0.0) as own_desk_orders_90d,
        rate(coalesce(r.crew_size_90d, 0.0), w.reviews_90d, many_reviews())
            as crew_review_share_90d,
        rate(
            coalesce(r.repeated_reviews_90d, 0.0), w.reviews_90d, many_reviews()
        ) as repeated_review_share_90d,
        coalesce(s.office_merchants, 0.0) as office_merchants,
        coalesce(s.closed_siblings, 0.0) as closed_siblings
    from windows.entity_windows as w
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
    left join windows.sibling_totals as s
        on w.entity_id = s.merchant_id and w.as_of = s.as_of
    where w.entity_type = 'merchant'
),

observation as (
    select
        w.entity_id as merchant_id,
        w.as_of,
        w.orders_1d,
        w.orders_7d,
        w.orders_30d,
        w.orders_90d,
        w.gmv_usd_1d,
        w.gmv_usd_7d,
        w.gmv_usd_30d,
        w.gmv_usd_90d,
        enough(
            pace(w.orders_7d, 7, w.orders_90d, 90), w.orders_90d, least_orders()
        ) as order_pace_7d_90d,
        rate(w.gmv_usd_30d, w.orders_30d, least_orders())
            as average_order_usd_30d,
        case
            when w.orders_30d >= 5.0 and w.counterparties_30d > 0.0
                then w.orders_30d / w.counterparties_30d
        end as orders_per_buyer_30d,
        case
            when w.orders_30d >= 5.0 and w.devices_30d > 0.0
                then w.orders_30d / w.devices_30d
        end as orders_per_device_30d,
        w.max_hour_orders_1d,
        w.max_hour_orders_7d,
        w.max_hour_orders_30d,
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
        rate(w.late_dispatches_30d, w.deliveries_30d, least_deliveries())
            as late_dispatch_share_30d,
        rate(
            coalesce(n.confirmed_bad_orders_90d, 0.0),
            w.orders_90d,
            least_orders()
        ) as confirmed_bad_order_share_90d,
        cast(coalesce(n.bank_account_merchants, 1.0) as double)
            as bank_account_merchants,
        cast(
            date_diff(
                'day', e.registered_at, cast(w.as_of as timestamp)
            ) as double
        )
            as account_age_days,
        c.late_scan_rate_30d,
        c.reused_tracking_rate_90d,
        c.wrong_address_share_30d,
        c.complaint_rate_90d,
        c.cut_price_order_share_30d,
        c.turned_order_share_30d,
        c.own_desk_orders_90d,
        c.crew_review_share_90d,
        c.repeated_review_share_90d,
        c.office_merchants,
        c.closed_siblings,
        rate(coalesce(l.scam_calls_90d, 0.0), w.orders_90d, least_orders())
            as scam_call_rate_90d,
        coalesce(l.place_scam_calls_90d, 0.0) as place_scam_calls_90d,
        rate(l.off_hours_orders_90d, l.opened_orders_90d, 100.0)
            as off_hours_opened_share_90d
    from windows.entity_windows as w
    left join staging.merchants as e on w.entity_id = e.merchant_id
    left join windows.entity_neighbours as n
        on
            n.entity_type = 'merchant'
            and w.entity_id = n.entity_id
            and w.as_of = n.as_of
    left join conduct as c
        on w.entity_id = c.merchant_id and w.as_of = c.as_of
    left join windows.leak_totals as l
        on w.entity_id = l.merchant_id and w.as_of = l.as_of
    where w.entity_type = 'merchant'
),

-- Against its own past and its peers, in time and in service.
compared as (
    select
        d.*,
        enough(
            pace(d.orders_1d, 1, d.orders_30d, 30), d.orders_30d, least_orders()
        ) as order_pace_1d_30d,
        enough(
            pace(d.orders_7d, 7, d.orders_30d, 30), d.orders_30d, least_orders()
        ) as order_pace_7d_30d,
        enough(
            pace(d.orders_30d, 30, d.orders_90d, 90),
            d.orders_90d,
            least_orders()
        ) as order_pace_30d_90d,
        rate(d.max_hour_orders_30d, d.orders_30d, many_orders())
            as busiest_hour_share_30d,
        b.hour_orders_per_buyer_30d,
        b.order_gap_hours_30d,
        b.order_burstiness_30d,
        b.order_gap_variation_7d,
        b.order_fano_30d,
        b.order_hour_entropy_30d,
        b.max_ten_minute_orders_30d,
        o.orders_own_z_7d,
        o.gmv_own_z_7d,
        o.refunds_own_z_7d,
        o.voucher_orders_own_z_7d,
        o.crowded_device_orders_own_z_7d,
        p.orders_peer_z as orders_peer_z_30d,
        p.average_order_usd_peer_z as average_order_peer_z_30d,
        p.voucher_share_peer_z as voucher_share_peer_z_30d,
        p.crowded_device_share_peer_z as crowded_device_peer_z_30d,
        p.fast_review_share_peer_z as fast_review_peer_z_30d,
        p.refund_rate_peer_z as refund_rate_peer_z_90d,
        rate(
            coalesce(q.slow_parcels_30d, 0.0),
            w.deliveries_30d,
            least_deliveries()
        ) as slow_parcel_share_30d,
        rate(coalesce(q.disputes_90d, 0.0), d.orders_90d, many_orders())
            as dispute_rate_90d,
        rate(
            coalesce(q.quality_complaints_90d, 0.0), d.orders_90d, many_orders()
        ) as quality_complaint_rate_90d,
        q.one_star_share_90d,
        q.rating_entropy_90d,
        q.rating_polarisation_90d
    from observation as d
    left join windows.bursts as b
        on
            b.entity_type = 'merchant'
            and d.merchant_id = b.entity_id
            and d.as_of = b.as_of
    left join windows.own_past as o
        on
            o.entity_type = 'merchant'
            and d.merchant_id = o.entity_id
            and d.as_of = o.as_of
    left join surroundings.peer_scores as p
        on
            p.entity_type = 'merchant'
            and d.merchant_id = p.entity_id
            and d.as_of = p.as_of
    left join windows.service_totals as q
        on
            q.entity_type = 'merchant'
            and d.merchant_id = q.entity_id
            and d.as_of = q.as_of
    left join windows.entity_windows as w
        on
            w.entity_type = 'merchant'
            and d.merchant_id = w.entity_id
            and d.as_of = w.as_of
),

-- With whom its buyers move.
accompanied as (
    select
        d.*,
        rate(coalesce(l.lockstep_orders_90d, 0.0), d.orders_90d, least_orders())
            as lockstep_order_share_90d,
        coalesce(l.lockstep_crew_90d, 0.0) as lockstep_crew_90d
    from compared as d
    left join windows.seller_lockstep as l
        on
            l.entity_type = 'merchant'
            and d.merchant_id = l.entity_id
            and d.as_of = l.as_of
),

-- With whom it shares a bank, a door or a device.
related as (
    select
        d.*,
        coalesce(c.strength, 0.0) as kin_strength,
        c.bad_share as kin_bad_share
    from accompanied as d
    left join windows.linked_accounts as c
        on
            c.entity_type = 'merchant'
            and d.merchant_id = c.entity_id
            and d.as_of = c.as_of
),

-- What kind of accounts its buyers are.
served as (
    select
        d.*,
        enough(k.buyer_age_mean_30d, d.orders_30d, least_orders())
            as buyer_age_mean_30d,
        enough(k.buyer_age_sd_30d, d.orders_30d, least_orders())
            as buyer_age_sd_30d,
        enough(k.device_log_30d, d.orders_30d, least_orders())
            as buyer_device_log_30d,
        enough(k.address_log_30d, d.orders_30d, least_orders())
            as buyer_address_log_30d,
        enough(k.max_device_30d, d.orders_30d, least_orders())
            as buyer_max_device_30d,
        smoothed_rate(k.bad_buyers_30d, n.counterparties_30d, k.base_rate)
            as bad_buyer_share_30d,
        rate(coalesce(t.near_copies_90d, 0.0), n.reviews_90d, many_reviews())
            as near_copied_review_share_90d
    from related as d
    left join windows.buyer_mix as k
        on
            k.entity_type = 'merchant'
            and d.merchant_id = k.entity_id
            and d.as_of = k.as_of
    left join windows.entity_windows as n
        on
            n.entity_type = 'merchant'
            and d.merchant_id = n.entity_id
            and d.as_of = n.as_of
    left join windows.twin_totals as t
        on
            t.entity_type = 'merchant'
            and d.merchant_id = t.entity_id
            and d.as_of = t.as_of
),

-- What its kin does, and who buys there.
connected as (
    select
        d.*,
        k.light_parcel_share_30d as kin_light_parcel_share_30d,
        k.light_parcel_sd_30d as kin_light_parcel_sd_30d,
        k.light_parcel_max_30d as kin_light_parcel_max_30d,
        case when k.orders_90d >= 1.0 then ln(1.0 + k.orders_90d) end
            as kin_orders_log_90d,
        d.light_parcel_share_30d - k.light_parcel_share_30d
            as light_parcels_over_kin_30d,
        case
            when k.orders_90d >= 1.0
                then
                    smoothed_rate(k.bad_orders_90d, k.orders_90d, k.base_rate)
        end as kin_bad_order_share_90d
    from served as d
    left join surroundings.linked_shops as k
        on d.merchant_id = k.merchant_id and d.as_of = k.as_of
),

-- Who sells for it, and to whom these sell.
promoted as (
    select
        d.*,
        p.device_log_30d as promoter_device_log_30d,
        p.device_log_sd_30d as promoter_device_log_sd_30d,
        p.device_log_max_30d as promoter_device_log_max_30d,
        d.buyer_device_log_30d - p.device_log_30d
            as device_log_over_promoters_30d,
        p.orders_log_30d as promoter_orders_log_30d,
        smoothed_rate(p.bad_partners, p.partners, p.base_rate)
            as promoter_bad_share_30d
    from connected as d
    left join surroundings.partners as p
        on
            p.entity_type = 'merchant'
            and d.merchant_id = p.entity_id
            and d.as_of = p.as_of
)

select * from promoted
