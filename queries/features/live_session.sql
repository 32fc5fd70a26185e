-- What was known of each ended live room at each snapshot, for 30 days.
--
-- What the audience did is fixed when the room ends; what became of its orders
-- grows from snapshot to snapshot. Too little of either is null, never 0. A room lasts
-- hours: its short windows are its busiest five minutes and its first thirty, its past
-- and its peers are rooms.
--
-- grain:   live_session_id, as_of
-- params:  none
-- returns: live_session_id             varchar
--          as_of                       date    only days before it count
--          views                       double  room entries
--          enter_rate                  double  entries / showings
--          hours_live                  double  hours
--          watch_seconds               double  seconds per entry
--          watch_variation             double  sd / mean of watch time
--          distinct_comment_share      double  share of comments
--          comments_per_view           double  comments per entry
--          young_viewer_share          double  viewers under 30 days old
--          viewers_per_device          double  accounts per device
--          clicks_per_view             double  product clicks per entry
--          follows_per_view            double  new followers per entry
--          peak_view_share             double  most at once / entries
--          slot_fee_usd                double  USD
--          arrival_peak_share          double  entries in its busiest 5 minutes
--          arrival_fano                double  variance / mean per minute
--          arrival_variation           double  sd / mean after 10 minutes
--          crowd_signs                 double  of six of a machine audience
--          comment_entropy             double  0 = one text, 1 = all differ
--          script_comment_share        double  sentences of a few hosts only
--          comments_per_account        double  comments per account
--          shill_accounts              double  seen in 3 rooms of 2 hosts
--          own_rooms                   double  rooms of the host before
--          views_own_z                 double  sd from the host's own
--          watch_own_z                 double  sd from the host's own
--          clicks_own_z                double  sd from the host's own
--          views_peer_z                double  sd from peers
--          watch_peer_z                double  sd from peers
--          clicks_peer_z               double  sd from peers
--          orders                      double  orders placed in it
--          gmv_usd                     double  USD paid
--          orders_per_click            double  CTOR
--          gmv_per_1000_views_usd      double  GPM, USD
--          orders_per_buyer            double  orders per buyer
--          early_order_share           double  in the first 30 minutes
--          young_account_order_share   double  accounts under 7 days
--          crowded_device_order_share  double  devices of 3 or more
--          cancelled_share             double  share of orders
--          refund_rate                 double  share of orders
--          late_mismatch_rate          double  share of mature orders
--          complaint_rate              double  share of orders
--          dispute_rate                double  share of orders
--          follower_loss               double  most the host lost in 14 days
--          follower_day_loss           double  most it lost in one of them
--          host_age_days               double  days since the host registered
--          buyer_age_mean              double  days: accounts that ordered
--          buyer_age_sd                double  days: sd of these ages
--          buyer_device_log            double  mean ln(accounts on the device)
--          buyer_max_device            double  most accounts on the device
--          bad_buyer_share             double  buyers confirmed bad, drawn
--                                              to the base rate
with rooms as (
    select
        s.live_session_id,
        a.end_day,
        cast(s.views as double) as views,
        s.views / cast(nullif(s.impressions, 0) as double) as enter_rate,
        date_diff('minute', s.started_at, s.ended_at) / 60.0 as hours_live,
        s.watch_seconds_mean as watch_seconds,
        case
            when s.views >= 50
                then s.watch_seconds_sd / nullif(s.watch_seconds_mean, 0.0)
        end as watch_variation,
        case
            when s.comments >= 10
                then s.distinct_comments / cast(s.comments as double)
        end as distinct_comment_share,
        case
            when s.views >= 50 then s.comments / cast(s.views as double)
        end as comments_per_view,
        case
            when s.unique_viewers >= 20
                then s.young_viewers / cast(s.unique_viewers as double)
        end as young_viewer_share,
        case
            when s.unique_viewers >= 20
                then
                    s.unique_viewers
                    / cast(nullif(s.viewer_devices, 0) as double)
        end as viewers_per_device,
        case
            when s.views >= 50 then s.product_clicks / cast(s.views as double)
        end as clicks_per_view,
        case
            when s.views >= 50 then s.follows / cast(s.views as double)
        end as follows_per_view,
        case
            when s.views >= 50
                then s.peak_concurrent / cast(s.views as double)
        end as peak_view_share,
        s.slot_fee_usd,
        s.product_clicks,
        a.arrival_peak_share,
        a.arrival_fano,
        a.arrival_variation,
        a.comment_entropy,
        a.script_comment_share,
        case
            when a.account_comments >= 5
                then
                    a.account_comments
                    / cast(a.comment_accounts as double)
        end as comments_per_account,
        cast(a.shill_accounts as double) as shill_accounts,
        r.own_rooms,
        r.views_own_z,
        r.watch_own_z,
        r.clicks_own_z,
        r.views_peer_z,
        r.watch_peer_z,
        r.clicks_peer_z,
        greatest(
            date_diff('minute', c.registered_at, s.started_at) / 1440.0, 0.0
        ) as host_age_days
    from staging.live_sessions as s
    inner join windows.session_audience as a
        on s.live_session_id = a.live_session_id
    inner join windows.session_baselines as r
        on s.live_session_id = r.live_session_id
    inner join staging.creators as c on s.creator_id = c.creator_id
),

-- Any one sign is common among honest rooms; several in one room are not.
marked as (
    select
        *,
        case
            when views >= 50.0
                then cast(
                    case when viewers_per_device >= 1.5 then 1 else 0 end
                    + case
                        when distinct_comment_share <= 0.45 then 1
                        else 0
                    end
                    + case when young_viewer_share >= 0.3 then 1 else 0 end
                    + case when watch_variation <= 0.6 then 1 else 0 end
                    + case when clicks_per_view <= 0.035 then 1 else 0 end
                    + case
                        when
                            peak_view_share >= 0.25
                            or arrival_peak_share >= 0.3
                            then 1
                        else 0
                    end
                    as double
                )
        end as crowd_signs
    from rooms
),

final as (
    select
        m.live_session_id,
        t.as_of,
        m.views,
        m.enter_rate,
        m.hours_live,
        m.watch_seconds,
        m.watch_variation,
        m.distinct_comment_share,
        m.comments_per_view,
        m.young_viewer_share,
        m.viewers_per_device,
        m.clicks_per_view,
        m.follows_per_view,
        m.peak_view_share,
        m.slot_fee_usd,
        m.arrival_peak_share,
        m.arrival_fano,
        m.arrival_variation,
        m.crowd_signs,
        m.comment_entropy,
        m.script_comment_share,
        m.comments_per_account,
        m.shill_accounts,
        m.own_rooms,
        m.views_own_z,
        m.watch_own_z,
        m.clicks_own_z,
        m.views_peer_z,
        m.watch_peer_z,
        m.clicks_peer_z,
        t.orders,
        t.gmv_usd,
        case
            when m.product_clicks >= 20
                then t.orders / cast(m.product_clicks as double)
        end as orders_per_click,
        case
            when m.views >= 50.0 then 1000.0 * t.gmv_usd / m.views
        end as gmv_per_1000_views_usd,
        case
            when t.orders >= 5.0 then t.orders / t.buyers
        end as orders_per_buyer,
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
        m.host_age_days,
        enough(k.buyer_age_mean, t.orders, least_orders()) as buyer_age_mean,
        enough(k.buyer_age_sd, t.orders, least_orders()) as buyer_age_sd,
        enough(k.device_log, t.orders, least_orders()) as buyer_device_log,
        enough(k.max_device, t.orders, least_orders()) as buyer_max_device,
        smoothed_rate(k.bad_buyers, t.buyers, k.base_rate) as bad_buyer_share
    from marked as m
    inner join windows.session_trade as t
        on m.live_session_id = t.live_session_id
    left join windows.session_followers as f
        on
            m.live_session_id = f.live_session_id
            and least(t.as_of - 1, m.end_day + 14) = f.day
            and f.days_after >= 3
    left join windows.session_clients as k
        on t.live_session_id = k.live_session_id and t.as_of = k.as_of
)

select * from final
