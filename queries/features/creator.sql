-- What was known of each active creator at each snapshot.
--
-- A rate is null where fewer events than it needs were seen: too little history
-- is unknown, never zero. Each column's words and raw rows: evidence/creator.toml.
-- A snapshot is taken at midnight: the hour before it says only that it is night. What
-- an hour can say is how busy the busiest one of a day, a week and a month was.
--
-- grain:   creator_id, as_of
-- params:  none
-- returns: creator_id                        varchar
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
--          commission_usd_30d                double   USD: commission, 30 days
--          commission_rate_30d               double   share 0..1: commission per gmv, 30 days
--          instant_order_share_30d           double   share 0..1: orders under 5 s after the click, 30 days
--          instant_order_share_90d           double   share 0..1: orders under 5 s after the click, 90 days
--          own_device_order_share_90d        double   share 0..1: orders from the creator's own device, 90 days
--          affiliate_order_share_30d         double   share 0..1: orders by affiliate link, 30 days
--          late_refund_share_90d             double   share 0..1: refunds asked 12 days or more after the order, 90 days
--          confirmed_bad_order_share_90d     double   share 0..1: orders by confirmed bad buyers, 90 days
--          live_sessions_30d                 double   count: live sessions, 30 days
--          live_views_30d                    double   count: live views, 30 days
--          watch_seconds_30d                 double   seconds: mean watch time, 30 days
--          watch_variation_30d               double   ratio: variation of watch time, 30 days
--          distinct_comment_share_30d        double   share 0..1: distinct comments, 30 days
--          comments_per_view_30d             double   ratio: comments per view, 30 days
--          young_viewer_share_30d            double   share 0..1: young viewer accounts, 30 days
--          viewers_per_device_30d            double   ratio: viewers per device, 30 days
--          clicks_per_view_30d               double   share 0..1: product clicks per view, 30 days
--          follows_per_view_30d              double   share 0..1: new followers per view, 30 days
--          peak_view_share_30d               double   share 0..1: peak audience against views, 30 days
--          slot_fee_usd_30d                  double   USD: slot fees, 30 days
--          video_views_30d                   double   count: video plays, 30 days
--          followers                         double   count: followers
--          follower_growth_7d                double   share 0..1: follower growth, 7 days
--          follower_growth_30d               double   share 0..1: follower growth, 30 days
--          follower_loss_14d                 double   share 0..1: followers lost from the 14-day peak
--          device_creators                   double   count: creators on the same streaming device
--          account_age_days                  double   days: account age
--          arrival_peak_share_90d            double   share 0..1: entries of one room in 5 minutes, 90 days
--          machine_signs_90d                 double   count: signs of a machine audience in one room, 90 days
--          comments_per_account_90d          double   ratio: comments per account, 90 days
--          script_comment_share_90d          double   share 0..1: comments from a script, 90 days
--          early_order_share_90d             double   share 0..1: live orders in the first 30 minutes, 90 days
--          cancelled_share_90d               double   share 0..1: orders cancelled, 90 days
--          late_mismatch_rate_90d            double   share 0..1: live orders not as described, days 5 to 15, 90 days
--          mismatch_complaint_rate_90d       double   share 0..1: complaints that goods differ, 90 days
--          paid_refund_rate_90d              double   share 0..1: refunds asked after the commission was paid, 90 days
--          follower_day_loss_30d             double   share 0..1: followers lost in one day, 30 days
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
--          kin_instant_share_30d             double   share 0..1: mean of its kin's orders under 5 s after the click, 30 days
--          kin_instant_sd_30d                double   share 0..1: sd of these shares, 30 days
--          kin_instant_max_30d               double   share 0..1: the largest of these shares, 30 days
--          instant_over_kin_30d              double   -1..1: its share of such orders less that mean, 30 days
--          kin_orders_log_30d                double   ratio: ln(1 + orders of its kin), 30 days
--          shop_device_log_30d               double   ratio: buyers' device company, mean over its shops, 30 days
--          shop_device_log_sd_30d            double   ratio: its sd over these shops, 30 days
--          shop_device_log_max_30d           double   ratio: the most of these shops, 30 days
--          device_log_over_shops_30d         double   ratio: its buyers' own less that mean, 30 days
--          shop_orders_log_30d               double   ratio: ln(1 + orders of its shops), 30 days
--          shop_bad_share_30d                double   share 0..1: of its shops confirmed bad, drawn to the base rate, 30 days
with subjects as (
    select
        entity_id,
        as_of
    from windows.entity_windows
    where entity_type = 'creator'
    union
    select
        creator_id as entity_id,
        as_of
    from windows.creator_audience
    where live_sessions_30d > 0.0
),

observation as (
    select
        t.entity_id as creator_id,
        t.as_of,
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
        case
            when w.orders_30d >= 5.0 and w.counterparties_30d > 0.0
                then w.orders_30d / w.counterparties_30d
        end as orders_per_buyer_30d,
        case
            when w.orders_30d >= 5.0 and w.devices_30d > 0.0
                then w.orders_30d / w.devices_30d
        end as orders_per_device_30d,
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
        coalesce(w.commission_usd_30d, 0.0) as commission_usd_30d,
        case
            when w.orders_30d >= 5.0 and w.gmv_usd_30d > 0.0
                then w.commission_usd_30d / w.gmv_usd_30d
        end as commission_rate_30d,
        rate(w.instant_orders_30d, w.orders_30d, least_orders())
            as instant_order_share_30d,
        rate(w.instant_orders_90d, w.orders_90d, least_orders())
            as instant_order_share_90d,
        rate(w.creator_device_orders_90d, w.orders_90d, least_orders())
            as own_device_order_share_90d,
        rate(w.affiliate_orders_30d, w.orders_30d, least_orders())
            as affiliate_order_share_30d,
        rate(w.late_refunds_90d, w.refunds_90d, 3.0) as late_refund_share_90d,
        rate(
            coalesce(n.confirmed_bad_orders_90d, 0.0),
            w.orders_90d,
            least_orders()
        ) as confirmed_bad_order_share_90d,
        a.live_sessions_30d,
        a.live_views_30d,
        a.watch_seconds_30d,
        a.watch_variation_30d,
        a.distinct_comment_share_30d,
        a.comments_per_view_30d,
        a.young_viewer_share_30d,
        a.viewers_per_device_30d,
        a.clicks_per_view_30d,
        a.follows_per_view_30d,
        a.peak_view_share_30d,
        a.slot_fee_usd_30d,
        a.video_views_30d,
        a.followers,
        a.follower_growth_7d,
        a.follower_growth_30d,
        a.follower_loss_14d,
        cast(coalesce(n.device_creators, 1.0) as double) as device_creators,
        cast(
            date_diff(
                'day', e.registered_at, cast(t.as_of as timestamp)
            ) as double
        )
            as account_age_days
    from subjects as t
    left join windows.entity_windows as w
        on
            w.entity_type = 'creator'
            and t.entity_id = w.entity_id
            and t.as_of = w.as_of
    left join staging.creators as e on t.entity_id = e.creator_id
    left join windows.entity_neighbours as n
        on
            n.entity_type = 'creator'
            and t.entity_id = n.entity_id
            and t.as_of = n.as_of
    left join windows.creator_audience as a
        on t.entity_id = a.creator_id and t.as_of = a.as_of
),

-- How their rooms sound and what became of what they sold.
conducted as (
    select
        d.*,
        c.arrival_peak_share_90d,
        c.machine_signs_90d,
        case
            when c.account_comments_90d >= 5.0
                then c.account_comments_90d / c.comment_accounts_90d
        end as comments_per_account_90d,
        rate(c.script_comments_90d, c.comments_90d, 10.0)
            as script_comment_share_90d,
        rate(c.early_orders_90d, c.live_orders_90d, least_orders())
            as early_order_share_90d,
        rate(coalesce(c.cancellations_90d, 0.0), d.orders_90d, least_orders())
            as cancelled_share_90d,
        rate(c.late_mismatches_90d, c.live_orders_90d, least_orders())
            as late_mismatch_rate_90d,
        rate(coalesce(c.complaints_90d, 0.0), d.orders_90d, least_orders())
            as mismatch_complaint_rate_90d,
        rate(c.paid_refunds_90d, c.payouts_90d, 5.0) as paid_refund_rate_90d,
        coalesce(c.follower_day_loss_30d, 0.0) as follower_day_loss_30d
    from observation as d
    left join windows.creator_conduct as c
        on d.creator_id = c.creator_id and d.as_of = c.as_of
),

-- Against its own past and its peers, in time.
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
        p.refund_rate_peer_z as refund_rate_peer_z_90d
    from conducted as d
    left join windows.bursts as b
        on
            b.entity_type = 'creator'
            and d.creator_id = b.entity_id
            and d.as_of = b.as_of
    left join windows.own_past as o
        on
            o.entity_type = 'creator'
            and d.creator_id = o.entity_id
            and d.as_of = o.as_of
    left join surroundings.peer_scores as p
        on
            p.entity_type = 'creator'
            and d.creator_id = p.entity_id
            and d.as_of = p.as_of
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
            l.entity_type = 'creator'
            and d.creator_id = l.entity_id
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
            c.entity_type = 'creator'
            and d.creator_id = c.entity_id
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
            as bad_buyer_share_30d
    from related as d
    left join windows.buyer_mix as k
        on
            k.entity_type = 'creator'
            and d.creator_id = k.entity_id
            and d.as_of = k.as_of
    left join windows.entity_windows as n
        on
            n.entity_type = 'creator'
            and d.creator_id = n.entity_id
            and d.as_of = n.as_of
),

-- What its kin does, whom it sells for and to whom these sell.
connected as (
    select
        d.*,
        k.instant_share_30d as kin_instant_share_30d,
        k.instant_sd_30d as kin_instant_sd_30d,
        k.instant_max_30d as kin_instant_max_30d,
        d.instant_order_share_30d - k.instant_share_30d
            as instant_over_kin_30d,
        k.orders_log_30d as kin_orders_log_30d,
        p.device_log_30d as shop_device_log_30d,
        p.device_log_sd_30d as shop_device_log_sd_30d,
        p.device_log_max_30d as shop_device_log_max_30d,
        d.buyer_device_log_30d - p.device_log_30d
            as device_log_over_shops_30d,
        p.orders_log_30d as shop_orders_log_30d,
        smoothed_rate(p.bad_partners, p.partners, p.base_rate)
            as shop_bad_share_30d
    from served as d
    left join surroundings.linked_creators as k
        on d.creator_id = k.creator_id and d.as_of = k.as_of
    left join surroundings.partners as p
        on
            p.entity_type = 'creator'
            and d.creator_id = p.entity_id
            and d.as_of = p.as_of
)

select * from connected
