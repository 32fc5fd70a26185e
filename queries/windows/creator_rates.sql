-- What each creator earns, how its audience behaves and what became of its sales.
--
-- What only a creator has; what it has in common with shops and listings is in
-- windows.seller_rates. Who has no audience is unknown, not silent.
--
-- grain:   creator_id, as_of
-- params:  none
-- returns: creator_id                     varchar
--          as_of                          date     only days before it count
--          commission_usd_30d             double   USD: commission, 30 days
--          commission_rate_30d            double   share 0..1: commission per gmv, 30 days
--          instant_order_share_30d        double   share 0..1: orders under 5 s after the click, 30 days
--          instant_order_share_90d        double   share 0..1: orders under 5 s after the click, 90 days
--          own_device_order_share_90d     double   share 0..1: orders from the creator's own device, 90 days
--          affiliate_order_share_30d      double   share 0..1: orders by affiliate link, 30 days
--          late_refund_share_90d          double   share 0..1: refunds asked 12 days or more after the order, 90 days
--          confirmed_bad_order_share_90d  double   share 0..1: orders by confirmed bad buyers, 90 days
--          live_sessions_30d              double   count: live sessions, 30 days
--          live_views_30d                 double   count: live views, 30 days
--          watch_seconds_30d              double   seconds: mean watch time, 30 days
--          watch_variation_30d            double   ratio: variation of watch time, 30 days
--          distinct_comment_share_30d     double   share 0..1: distinct comments, 30 days
--          comments_per_view_30d          double   ratio: comments per view, 30 days
--          young_viewer_share_30d         double   share 0..1: young viewer accounts, 30 days
--          viewers_per_device_30d         double   ratio: viewers per device, 30 days
--          clicks_per_view_30d            double   share 0..1: product clicks per view, 30 days
--          follows_per_view_30d           double   share 0..1: new followers per view, 30 days
--          peak_view_share_30d            double   share 0..1: peak audience against views, 30 days
--          slot_fee_usd_30d               double   USD: slot fees, 30 days
--          video_views_30d                double   count: video plays, 30 days
--          followers                      double   count: followers
--          follower_growth_7d             double   share 0..1: follower growth, 7 days
--          follower_growth_30d            double   share 0..1: follower growth, 30 days
--          follower_loss_14d              double   share 0..1: followers lost from the 14-day peak
--          device_creators                double   count: creators on the same streaming device
--          account_age_days               double   days: account age
--          arrival_peak_share_90d         double   share 0..1: entries of one room in 5 minutes, 90 days
--          machine_signs_90d              double   count: signs of a machine audience in one room, 90 days
--          comments_per_account_90d       double   ratio: comments per account, 90 days
--          script_comment_share_90d       double   share 0..1: comments from a script, 90 days
--          early_order_share_90d          double   share 0..1: live orders in the first 30 minutes, 90 days
--          cancelled_share_90d            double   share 0..1: orders cancelled, 90 days
--          late_mismatch_rate_90d         double   share 0..1: live orders not as described, days 5 to 15, 90 days
--          mismatch_complaint_rate_90d    double   share 0..1: complaints that goods differ, 90 days
--          paid_refund_rate_90d           double   share 0..1: refunds asked after the commission was paid, 90 days
--          follower_day_loss_30d          double   share 0..1: followers lost in one day, 30 days
--          slight_signs_30d               double   count: slight signs of machines in one room, 30 days
--          bank_takeovers_90d             double   count: bank and locks changed by a stranger, 90 days
with final as (
    select
        s.entity_id as creator_id,
        s.as_of,
        coalesce(w.commission_usd_30d, 0.0) as commission_usd_30d,
        enough(
            w.commission_usd_30d / nullif(w.gmv_usd_30d, 0.0),
            w.orders_30d,
            least_orders()
        ) as commission_rate_30d,
        rate(w.instant_orders_30d, w.orders_30d, least_orders())
            as instant_order_share_30d,
        rate(w.instant_orders_90d, w.orders_90d, least_orders())
            as instant_order_share_90d,
        rate(w.creator_device_orders_90d, w.orders_90d, least_orders())
            as own_device_order_share_90d,
        rate(w.affiliate_orders_30d, w.orders_30d, least_orders())
            as affiliate_order_share_30d,
        rate(w.late_refunds_90d, w.refunds_90d, 3.0) as late_refund_share_90d,
        s.confirmed_bad_order_share_90d,
        a.* exclude (creator_id, as_of),
        coalesce(n.device_creators, 1.0) as device_creators,
        age_days(e.registered_at, s.as_of) as account_age_days,
        c.arrival_peak_share_90d,
        c.machine_signs_90d,
        enough(
            c.account_comments_90d / c.comment_accounts_90d,
            c.account_comments_90d,
            5.0
        ) as comments_per_account_90d,
        rate(c.script_comments_90d, c.comments_90d, 10.0)
            as script_comment_share_90d,
        rate(c.early_orders_90d, c.room_orders_90d, least_orders())
            as early_order_share_90d,
        rate(coalesce(c.cancellations_90d, 0.0), s.orders_90d, least_orders())
            as cancelled_share_90d,
        rate(c.late_mismatches_90d, c.live_orders_90d, least_orders())
            as late_mismatch_rate_90d,
        rate(coalesce(c.complaints_90d, 0.0), s.orders_90d, least_orders())
            as mismatch_complaint_rate_90d,
        rate(c.paid_refunds_90d, c.payouts_90d, 5.0) as paid_refund_rate_90d,
        coalesce(c.follower_day_loss_30d, 0.0) as follower_day_loss_30d,
        c.slight_signs_30d,
        coalesce(b.bank_takeovers_90d, 0.0) as bank_takeovers_90d
    from windows.seller_rates as s
    left join staging.creators as e on s.entity_id = e.creator_id
    left join windows.entity_windows as w
        on
            s.entity_type = w.entity_type
            and s.entity_id = w.entity_id
            and s.as_of = w.as_of
    left join windows.entity_neighbours as n
        on
            s.entity_type = n.entity_type
            and s.entity_id = n.entity_id
            and s.as_of = n.as_of
    left join windows.creator_audience as a
        on s.entity_id = a.creator_id and s.as_of = a.as_of
    left join windows.creator_conduct as c
        on s.entity_id = c.creator_id and s.as_of = c.as_of
    left join windows.bank_takeovers as b
        on
            s.entity_type = b.entity_type
            and s.entity_id = b.entity_id
            and s.as_of = b.as_of
    where s.entity_type = 'creator'
)

select * from final
