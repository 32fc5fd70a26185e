-- What was known of each ended live session at each snapshot, for 30 days.
--
-- What the audience did is fixed when the session ends; what became of its orders
-- grows from snapshot to snapshot. Too little of either is null, never 0.
--
-- grain:   live_session_id, as_of
-- params:  none
-- returns: live_session_id             varchar
--          as_of                       date     only days before it count
--          views                       double   room entries
--          enter_rate                  double   entries / showings
--          hours_live                  double   hours
--          watch_seconds               double   seconds per entry
--          watch_variation             double   sd / mean of watch time
--          distinct_comment_share      double   share of comments
--          comments_per_view           double   comments per entry
--          young_viewer_share          double   viewers under 30 days old
--          viewers_per_device          double   accounts per device
--          clicks_per_view             double   product clicks per entry
--          follows_per_view            double   new followers per entry
--          peak_view_share             double   most at once / entries
--          slot_fee_usd                double   USD
--          arrival_peak_share          double   entries in its busiest 5 minutes
--          arrival_fano                double   variance / mean per minute
--          arrival_variation           double   sd / mean after 10 minutes
--          comment_entropy             double   0 = one text, 1 = all differ
--          script_comment_share        double   sentences of a few hosts only
--          comments_per_account        double   comments per account
--          shill_accounts              double   seen in 3 rooms of 2 hosts
--          own_live_sessions                   double   rooms of the host before
--          views_own_z                 double   sd from the host's own
--          watch_own_z                 double   sd from the host's own
--          clicks_own_z                double   sd from the host's own
--          views_peer_z                double   sd from peers
--          watch_peer_z                double   sd from peers
--          clicks_peer_z               double   sd from peers
--          crowd_signs                 double   of six of a machine audience
--          slight_signs                double   the same six, where machines are few
--          orders                      double   orders placed in it
--          gmv_usd                     double   USD paid
--          orders_per_click            double   CTOR
--          gmv_per_1000_views_usd      double   GPM, USD
--          orders_per_buyer            double   orders per buyer
--          early_order_share           double   in the first 30 minutes
--          young_account_order_share   double   accounts under 7 days
--          crowded_device_order_share  double   devices of 3 or more
--          cancelled_share             double   share of orders
--          refund_rate                 double   share of orders
--          late_mismatch_rate          double   share of mature orders
--          complaint_rate              double   share of orders
--          dispute_rate                double   share of orders
--          follower_loss               double   most the host lost in 14 days
--          follower_day_loss           double   most it lost in one of them
--          host_follower_day_loss_30d  double   most the host lost in one day of 30
--          host_age_days               double   days since the host registered
--          buyer_age_mean              double   days: accounts that ordered
--          buyer_age_sd                double   days: sd of these ages
--          buyer_device_log            double   mean ln(accounts on the device)
--          buyer_max_device            double   most accounts on the device
--          bad_buyer_share             double   buyers confirmed bad, drawn to the base rate
with final as (
    select
        s.live_session_id,
        t.as_of,
        s.* exclude (live_session_id, end_day, product_clicks, host_age_days),
        g.crowd_signs,
        g.slight_signs,
        t.orders,
        t.gmv_usd,
        rate(t.orders, s.product_clicks, 20) as orders_per_click,
        rate(1000.0 * t.gmv_usd, s.views, least_views())
            as gmv_per_1000_views_usd,
        enough(t.orders / t.buyers, t.orders, least_orders())
            as orders_per_buyer,
        rate(t.early_orders, t.orders, least_orders()) as early_order_share,
        rate(t.young_orders, t.orders, least_orders())
            as young_account_order_share,
        rate(t.crowded_orders, t.orders, least_orders())
            as crowded_device_order_share,
        rate(t.cancelled, t.orders, least_orders()) as cancelled_share,
        rate(t.refunds, t.orders, least_orders()) as refund_rate,
        rate(t.late_mismatches, t.mature_orders, least_orders())
            as late_mismatch_rate,
        rate(t.complaints, t.orders, least_orders()) as complaint_rate,
        rate(t.disputes, t.orders, least_orders()) as dispute_rate,
        f.lost_share as follower_loss,
        f.day_loss_share as follower_day_loss,
        coalesce(c.follower_day_loss_30d, 0.0) as host_follower_day_loss_30d,
        s.host_age_days,
        enough(k.buyer_age_mean, t.orders, least_orders()) as buyer_age_mean,
        enough(k.buyer_age_sd, t.orders, least_orders()) as buyer_age_sd,
        enough(k.device_log, t.orders, least_orders()) as buyer_device_log,
        enough(k.max_device, t.orders, least_orders()) as buyer_max_device,
        smoothed_rate(k.bad_buyers, t.buyers, k.base_rate) as bad_buyer_share
    from windows.session_rates as s
    inner join windows.session_trade as t
        on s.live_session_id = t.live_session_id
    inner join staging.live_sessions as l
        on s.live_session_id = l.live_session_id
    left join windows.session_signs as g
        on s.live_session_id = g.live_session_id
    left join windows.creator_conduct as c
        on l.creator_id = c.creator_id and t.as_of = c.as_of
    left join windows.session_followers as f
        on
            s.live_session_id = f.live_session_id
            and least(t.as_of - 1, s.end_day + 14) = f.day
            and f.days_after >= 3
    left join windows.session_buyer_mix as k
        on t.live_session_id = k.live_session_id and t.as_of = k.as_of
)

select * from final
