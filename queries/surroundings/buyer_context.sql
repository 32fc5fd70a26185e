-- Each buyer against its past, its peers and its surroundings, by snapshot.
--
-- How its orders lie in time, with whom it moves, with whom it shares a device, an
-- address or a card, and what those do.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id             bigint  of population.observations
--          order_pace_7d_90d          double  ratio: pace of the last week against 90 days
--          order_pace_30d_90d         double  ratio: pace of the last 30 days against 90 days
--          order_gap_hours_last_10    double  hours: mean time between the latest ten orders
--          order_burstiness_last_10   double  -1..1: burstiness of the time between the latest ten orders
--          order_value_own_z_30d      double  sds: dearest order of 30 days against the ten before it
--          order_fano_90d             double  ratio: variance / mean of daily orders, 90 days
--          order_hour_entropy_90d     double  0..1: entropy of the three-hour blocks of orders, 90 days
--          max_ten_minute_orders_30d  double  count: most orders in ten minutes, 30 days
--          orders_peer_z_90d          double  robust sds: orders against peers, 90 days
--          average_order_peer_z_90d   double  robust sds: average order against peers, 90 days
--          refund_rate_peer_z_90d     double  robust sds: refund rate against peers, 90 days
--          lockstep_partners_2h       double  count: accounts met 3 times within 2 hours
--          lockstep_partners_1d       double  count: accounts met 3 times within a day
--          lockstep_partners_3d       double  count: accounts met 4 times within 3 days
--          lockstep_core              double  count: partners who have as many partners
--          lockstep_group_size        double  count: accounts of its lockstep group
--          lockstep_density           double  share 0..1: pairs of its lockstep group
--          linked_strength           double  ratio: ties to accounts that share something, by rarity
--          close_linked_accounts           double  count: accounts that share two kinds of things with it
--          linked_bad_share          double  share 0..1: companions confirmed bad, drawn to the base rate
--          linked_apart_days         double  days: between its registration and its companions'
--          linked_refunds_90d        double  ratio: refunds per companion, 90 days
--          refunds_over_linked_90d   double  ratio: its refunds less those per companion, 90 days
--          linked_max_refunds_90d    double  count: most refunds of one companion, 90 days
--          linked_vouchers_90d       double  ratio: new-buyer vouchers per companion, 90 days
--          linked_refunds_sd_90d     double  ratio: sd of refunds over its companions, 90 days
--          linked_refunds_log_90d    double  ratio: ln(1 + refunds of its companions), 90 days
--          linked_low_raters_90d     double  count: companions who rated a shop badly where it did, 90 days
--          near_copied_reviews_90d    double  count: reviews nearly in another's words that week, 90 days
with final as (
    select
        w.observation_id,
        enough(pace(w.orders_7d, 7, w.orders_90d, 90), w.orders_90d, 3.0)
            as order_pace_7d_90d,
        enough(pace(w.orders_30d, 30, w.orders_90d, 90), w.orders_90d, 3.0)
            as order_pace_30d_90d,
        b.gap_hours_last_10 as order_gap_hours_last_10,
        b.burstiness_last_10 as order_burstiness_last_10,
        b.order_value_own_z_30d,
        b.order_fano_90d,
        b.order_hour_entropy_90d,
        case
            when w.orders_30d >= 1.0
                then coalesce(b.max_ten_minute_orders_30d, 1.0)
            else 0.0
        end as max_ten_minute_orders_30d,
        p.orders_peer_z as orders_peer_z_90d,
        p.average_order_usd_peer_z as average_order_peer_z_90d,
        p.refund_rate_peer_z as refund_rate_peer_z_90d,
        coalesce(g.partners_2h, 0.0) as lockstep_partners_2h,
        coalesce(g.partners_1d, 0.0) as lockstep_partners_1d,
        coalesce(g.partners_3d, 0.0) as lockstep_partners_3d,
        coalesce(g.core, 0.0) as lockstep_core,
        coalesce(g.group_size, 0.0) as lockstep_group_size,
        coalesce(g.density, 0.0) as lockstep_density,
        coalesce(c.strength, 0.0) as linked_strength,
        coalesce(c.close, 0.0) as close_linked_accounts,
        c.bad_share as linked_bad_share,
        c.apart_days as linked_apart_days,
        c.refunds_90d as linked_refunds_90d,
        w.refunds_90d - c.refunds_90d as refunds_over_linked_90d,
        c.max_refunds as linked_max_refunds_90d,
        c.vouchers_90d as linked_vouchers_90d,
        c.refunds_sd as linked_refunds_sd_90d,
        c.refunds_log as linked_refunds_log_90d,
        coalesce(c.low_raters, 0.0) as linked_low_raters_90d,
        coalesce(t.near_copies_90d, 0.0) as near_copied_reviews_90d
    from windows.buyer_windows as w
    left join windows.buyer_bursts as b on w.observation_id = b.observation_id
    left join surroundings.peer_scores as p
        on
            p.entity_type = 'buyer'
            and w.buyer_id = p.entity_id
            and w.as_of = p.as_of
    left join similarity.lockstep_groups as g
        on w.buyer_id = g.buyer_id and w.as_of = g.as_of
    left join windows.linked_accounts as c
        on w.observation_id = c.observation_id
    left join windows.twin_totals as t
        on
            t.entity_type = 'buyer'
            and w.buyer_id = t.entity_id
            and w.as_of = t.as_of
)

select * from final
