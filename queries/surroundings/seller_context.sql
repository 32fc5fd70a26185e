-- Each shop, creator and listing against its past, its peers and its surroundings.
--
-- How its orders lie in time, how it serves, with whom its buyers move, with whom it
-- shares a bank, a door or a device, and what kind of accounts buy from it.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type                     varchar  merchant, creator, product
--          entity_id                       varchar
--          as_of                           date     only days before it count
--          order_pace_1d_30d               double   ratio: pace of the last day against 30 days
--          order_pace_7d_30d               double   ratio: pace of the last week against 30 days
--          order_pace_30d_90d              double   ratio: pace of the last 30 days against 90 days
--          busiest_hour_share_30d          double   share 0..1: orders in the busiest hour, 30 days
--          hour_orders_per_buyer_30d       double   ratio: most orders per buyer in an hour of 3 or more, 30 days
--          order_gap_hours_30d             double   hours: mean time between orders, 30 days
--          order_burstiness_30d            double   -1..1: burstiness of the time between orders, 30 days
--          order_gap_variation_7d          double   ratio: sd / mean of the time between orders, 7 days
--          order_fano_30d                  double   ratio: variance / mean of daily orders, 30 days
--          order_hour_entropy_30d          double   0..1: entropy of the three-hour blocks of orders, 30 days
--          max_ten_minute_orders_30d       double   count: most orders in ten minutes, 30 days
--          orders_own_z_7d                 double   sds of a day: orders of the last week against its own past
--          gmv_own_z_7d                    double   sds of a day: gmv of the last week against its own past
--          refunds_own_z_7d                double   sds of a day: refunds of the last week against its own past
--          voucher_orders_own_z_7d         double   sds of a day: voucher orders of the last week against its own past
--          crowded_device_orders_own_z_7d  double   sds of a day: crowded-device orders of the last week against its own past
--          orders_peer_z_30d               double   robust sds: orders against peers, 30 days
--          average_order_peer_z_30d        double   robust sds: average order against peers, 30 days
--          voucher_share_peer_z_30d        double   robust sds: voucher orders against peers, 30 days
--          crowded_device_peer_z_30d       double   robust sds: crowded-device orders against peers, 30 days
--          fast_review_peer_z_30d          double   robust sds: fast reviews against peers, 30 days
--          refund_rate_peer_z_90d          double   robust sds: refund rate against peers, 90 days
--          late_dispatch_share_30d         double   share 0..1: late dispatches, 30 days
--          slow_parcel_share_30d           double   share 0..1: parcels over 120 hours on the way, 30 days
--          dispute_rate_90d                double   ratio: bank disputes about the goods, per order, 90 days
--          quality_complaint_rate_90d      double   ratio: complaints about quality, per order, 90 days
--          one_star_share_90d              double   share 0..1: one-star reviews, 90 days
--          rating_entropy_90d              double   0..1: entropy of the five stars, 90 days
--          rating_polarisation_90d         double   0..1: sd of the stars over its maximum, 90 days
--          lockstep_order_share_90d        double   share 0..1: orders by accounts in lockstep, 90 days
--          lockstep_crew_90d               double   count: most buyers of one lockstep group, 90 days
--          linked_strength                    double   ratio: ties to others that share something, by rarity
--          linked_bad_share                   double   share 0..1: of these confirmed bad, drawn to the base rate
--          buyer_age_mean_30d              double   days: age of the accounts that ordered, 30 days
--          buyer_age_sd_30d                double   days: standard deviation of these ages, 30 days
--          buyer_device_log_30d            double   ratio: mean ln(accounts on the device of an order), 30 days
--          buyer_address_log_30d           double   ratio: mean ln(accounts at the address of an order), 30 days
--          buyer_max_device_30d            double   count: most accounts on the device of an order, 30 days
--          bad_buyer_share_30d             double   share 0..1: buyers confirmed bad, drawn to the base rate, 30 days
--          near_copied_review_share_90d    double   share 0..1: reviews nearly in another's words that week, 90 days
with final as (
    select
        s.entity_type,
        s.entity_id,
        s.as_of,
        enough(
            pace(w.orders_1d, 1, w.orders_30d, 30), w.orders_30d, least_orders()
        ) as order_pace_1d_30d,
        enough(
            pace(w.orders_7d, 7, w.orders_30d, 30), w.orders_30d, least_orders()
        ) as order_pace_7d_30d,
        enough(
            pace(w.orders_30d, 30, w.orders_90d, 90),
            w.orders_90d,
            least_orders()
        ) as order_pace_30d_90d,
        rate(w.max_hour_orders_30d, w.orders_30d, many_orders())
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
        rate(w.late_dispatches_30d, w.deliveries_30d, least_deliveries())
            as late_dispatch_share_30d,
        rate(
            coalesce(q.slow_parcels_30d, 0.0),
            w.deliveries_30d,
            least_deliveries()
        ) as slow_parcel_share_30d,
        rate(coalesce(q.disputes_90d, 0.0), w.orders_90d, many_orders())
            as dispute_rate_90d,
        rate(
            coalesce(q.quality_complaints_90d, 0.0), w.orders_90d, many_orders()
        ) as quality_complaint_rate_90d,
        q.one_star_share_90d,
        q.rating_entropy_90d,
        q.rating_polarisation_90d,
        rate(coalesce(l.lockstep_orders_90d, 0.0), w.orders_90d, least_orders())
            as lockstep_order_share_90d,
        coalesce(l.lockstep_crew_90d, 0.0) as lockstep_crew_90d,
        coalesce(c.strength, 0.0) as linked_strength,
        c.bad_share as linked_bad_share,
        enough(k.buyer_age_mean_30d, w.orders_30d, least_orders())
            as buyer_age_mean_30d,
        enough(k.buyer_age_sd_30d, w.orders_30d, least_orders())
            as buyer_age_sd_30d,
        enough(k.device_log_30d, w.orders_30d, least_orders())
            as buyer_device_log_30d,
        enough(k.address_log_30d, w.orders_30d, least_orders())
            as buyer_address_log_30d,
        enough(k.max_device_30d, w.orders_30d, least_orders())
            as buyer_max_device_30d,
        smoothed_rate(k.bad_buyers_30d, w.counterparties_30d, k.base_rate)
            as bad_buyer_share_30d,
        rate(coalesce(t.near_copies_90d, 0.0), w.reviews_90d, many_reviews())
            as near_copied_review_share_90d
    from windows.seller_rates as s
    left join windows.entity_windows as w
        on
            s.entity_type = w.entity_type
            and s.entity_id = w.entity_id
            and s.as_of = w.as_of
    left join windows.bursts as b
        on
            s.entity_type = b.entity_type
            and s.entity_id = b.entity_id
            and s.as_of = b.as_of
    left join windows.own_past as o
        on
            s.entity_type = o.entity_type
            and s.entity_id = o.entity_id
            and s.as_of = o.as_of
    left join surroundings.peer_scores as p
        on
            s.entity_type = p.entity_type
            and s.entity_id = p.entity_id
            and s.as_of = p.as_of
    left join windows.service_totals as q
        on
            s.entity_type = q.entity_type
            and s.entity_id = q.entity_id
            and s.as_of = q.as_of
    left join windows.seller_lockstep as l
        on
            s.entity_type = l.entity_type
            and s.entity_id = l.entity_id
            and s.as_of = l.as_of
    left join windows.linked_accounts as c
        on
            s.entity_type = c.entity_type
            and s.entity_id = c.entity_id
            and s.as_of = c.as_of
    left join windows.buyer_mix as k
        on
            s.entity_type = k.entity_type
            and s.entity_id = k.entity_id
            and s.as_of = k.as_of
    left join windows.twin_totals as t
        on
            s.entity_type = t.entity_type
            and s.entity_id = t.entity_id
            and s.as_of = t.as_of
)

select * from final
