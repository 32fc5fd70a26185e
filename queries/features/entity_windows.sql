-- Sums of the days before each snapshot, for every entity with an order lately.
--
-- Sums are differences of running totals, looked up at both ends of a window, so
-- the cost grows with entities and snapshots, not with the days between them.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type                 varchar
--          entity_id                   varchar
--          as_of                       date     only days before it count
--          orders_1d                   double   orders placed, 1 day
--          orders_7d                   double   orders placed, 7 days
--          orders_30d                  double   orders placed, 30 days
--          orders_90d                  double   orders placed, 90 days
--          gmv_usd_1d                  double   USD paid, 1 day
--          gmv_usd_7d                  double   USD paid, 7 days
--          gmv_usd_30d                 double   USD paid, 30 days
--          gmv_usd_90d                 double   USD paid, 90 days
--          voucher_usd_30d             double   USD of discount, 30 days
--          voucher_usd_90d             double   USD of discount, 90 days
--          commission_usd_30d          double   USD promised to creators, 30 days
--          commission_usd_90d          double   USD promised to creators, 90 days
--          voucher_orders_7d           double   with a voucher, 7 days
--          voucher_orders_30d          double   with a voucher, 30 days
--          voucher_orders_90d          double   with a voucher, 90 days
--          new_buyer_vouchers_30d      double   with a new-buyer voucher, 30 days
--          new_buyer_vouchers_90d      double   with a new-buyer voucher, 90 days
--          tight_baskets_30d           double   just above the minimum spend, 30 days
--          tight_baskets_90d           double   just above the minimum spend, 90 days
--          young_account_orders_7d     double   from accounts under 7 days old, 7 days
--          young_account_orders_30d    double   from accounts under 7 days old, 30 days
--          young_account_orders_90d    double   from accounts under 7 days old, 90 days
--          crowded_device_orders_7d    double   from devices with 3+ accounts, 7 days
--          crowded_device_orders_30d   double   from devices with 3+ accounts, 30 days
--          crowded_device_orders_90d   double   from devices with 3+ accounts, 90 days
--          crowded_address_orders_30d  double   to addresses with 5+ accounts, 30 days
--          crowded_address_orders_90d  double   to addresses with 5+ accounts, 90 days
--          shared_token_orders_30d     double   paid by tokens with 2+ accounts, 30 days
--          shared_token_orders_90d     double   paid by tokens with 2+ accounts, 90 days
--          unseen_orders_7d            double   without an earlier look, 7 days
--          unseen_orders_30d           double   without an earlier look, 30 days
--          unseen_orders_90d           double   without an earlier look, 90 days
--          fast_pay_orders_30d         double   paid within 60 s, 30 days
--          fast_pay_orders_90d         double   paid within 60 s, 90 days
--          instant_orders_30d          double   under 5 s after the click, 30 days
--          instant_orders_90d          double   under 5 s after the click, 90 days
--          live_orders_30d             double   in a live, 30 days
--          affiliate_orders_30d        double   by affiliate link, 30 days
--          creator_device_orders_90d   double   from the promoter's own device, 90 days
--          max_hour_orders_7d          double   most orders in one hour, 7 days
--          max_hour_orders_30d         double   most orders in one hour, 30 days
--          refunds_1d                  double   refund requests, 1 day
--          refunds_7d                  double   refund requests, 7 days
--          refunds_30d                 double   refund requests, 30 days
--          refunds_90d                 double   refund requests, 90 days
--          refund_usd_30d              double   USD requested, 30 days
--          refund_usd_90d              double   USD requested, 90 days
--          late_refunds_90d            double   requested 12+ days after order, 90 days
--          not_received_90d            double   claimed not received, 90 days
--          disproved_claims_90d        double   not received, yet delivered, 90 days
--          low_quality_refunds_90d     double   defective or not as described, 90 days
--          copied_claims_90d           double   words 3+ accounts used, 90 days
--          weighed_returns_90d         double   returns weighed, 90 days
--          light_returns_90d           double   under half the weight, 90 days
--          reviews_30d                 double   reviews, 30 days
--          reviews_90d                 double   reviews, 90 days
--          rating_sum_90d              double   stars, 90 days
--          five_stars_30d              double   5-star reviews, 30 days
--          five_stars_90d              double   5-star reviews, 90 days
--          low_stars_90d               double   1 and 2-star reviews, 90 days
--          fast_reviews_30d            double   within 48 h of delivery, 30 days
--          fast_reviews_90d            double   within 48 h of delivery, 90 days
--          deliveries_30d              double   parcels delivered, 30 days
--          deliveries_90d              double   parcels delivered, 90 days
--          light_parcels_30d           double   under half the weight, 30 days
--          light_parcels_90d           double   under half the weight, 90 days
--          fast_deliveries_30d         double   under 12 h in transit, 30 days
--          fast_deliveries_90d         double   under 12 h in transit, 90 days
--          few_scan_parcels_30d        double   2 scans or fewer, 30 days
--          few_scan_parcels_90d        double   2 scans or fewer, 90 days
--          late_dispatches_30d         double   over 48 h after order, 30 days
--          counterparties_30d          double   distinct other parties, 30 days
--          devices_30d                 double   distinct devices, 30 days
with busiest as (
    select
        d.entity_type,
        d.entity_id,
        s.as_of,
        max(d.max_hour_orders) filter (where d.day >= s.as_of - 7)
            as max_hour_orders_7d,
        max(d.max_hour_orders) as max_hour_orders_30d
    from features.entity_days as d
    inner join features.snapshots as s
        on
            d.entity_type = s.entity_type
            and d.day < s.as_of
            and d.day >= s.as_of - 30
    where d.max_hour_orders > 0
    group by d.entity_type, d.entity_id, s.as_of
),

summed as (
    select
        n.entity_type,
        n.entity_id,
        s.as_of,
        n.orders - coalesce(w1.orders, 0.0) as orders_1d,
        n.orders - coalesce(w7.orders, 0.0) as orders_7d,
        n.orders - coalesce(w30.orders, 0.0) as orders_30d,
        n.orders - coalesce(w90.orders, 0.0) as orders_90d,
        round(n.gmv_usd - coalesce(w1.gmv_usd, 0.0), 4) as gmv_usd_1d,
        round(n.gmv_usd - coalesce(w7.gmv_usd, 0.0), 4) as gmv_usd_7d,
        round(n.gmv_usd - coalesce(w30.gmv_usd, 0.0), 4) as gmv_usd_30d,
        round(n.gmv_usd - coalesce(w90.gmv_usd, 0.0), 4) as gmv_usd_90d,
        round(n.voucher_usd - coalesce(w30.voucher_usd, 0.0), 4)
            as voucher_usd_30d,
        round(n.voucher_usd - coalesce(w90.voucher_usd, 0.0), 4)
            as voucher_usd_90d,
        round(n.commission_usd - coalesce(w30.commission_usd, 0.0), 4)
            as commission_usd_30d,
        round(n.commission_usd - coalesce(w90.commission_usd, 0.0), 4)
            as commission_usd_90d,
        n.voucher_orders
        - coalesce(w7.voucher_orders, 0.0) as voucher_orders_7d,
        n.voucher_orders - coalesce(w30.voucher_orders, 0.0)
            as voucher_orders_30d,
        n.voucher_orders - coalesce(w90.voucher_orders, 0.0)
            as voucher_orders_90d,
        n.new_buyer_vouchers - coalesce(w30.new_buyer_vouchers, 0.0)
            as new_buyer_vouchers_30d,
        n.new_buyer_vouchers - coalesce(w90.new_buyer_vouchers, 0.0)
            as new_buyer_vouchers_90d,
        n.tight_baskets - coalesce(w30.tight_baskets, 0.0) as tight_baskets_30d,
        n.tight_baskets - coalesce(w90.tight_baskets, 0.0) as tight_baskets_90d,
        n.young_account_orders - coalesce(w7.young_account_orders, 0.0)
            as young_account_orders_7d,
        n.young_account_orders - coalesce(w30.young_account_orders, 0.0)
            as young_account_orders_30d,
        n.young_account_orders - coalesce(w90.young_account_orders, 0.0)
            as young_account_orders_90d,
        n.crowded_device_orders - coalesce(w7.crowded_device_orders, 0.0)
            as crowded_device_orders_7d,
        n.crowded_device_orders - coalesce(w30.crowded_device_orders, 0.0)
            as crowded_device_orders_30d,
        n.crowded_device_orders - coalesce(w90.crowded_device_orders, 0.0)
            as crowded_device_orders_90d,
        n.crowded_address_orders - coalesce(w30.crowded_address_orders, 0.0)
            as crowded_address_orders_30d,
        n.crowded_address_orders - coalesce(w90.crowded_address_orders, 0.0)
            as crowded_address_orders_90d,
        n.shared_token_orders - coalesce(w30.shared_token_orders, 0.0)
            as shared_token_orders_30d,
        n.shared_token_orders - coalesce(w90.shared_token_orders, 0.0)
            as shared_token_orders_90d,
        n.unseen_orders - coalesce(w7.unseen_orders, 0.0) as unseen_orders_7d,
        n.unseen_orders - coalesce(w30.unseen_orders, 0.0) as unseen_orders_30d,
        n.unseen_orders - coalesce(w90.unseen_orders, 0.0) as unseen_orders_90d,
        n.fast_pay_orders - coalesce(w30.fast_pay_orders, 0.0)
            as fast_pay_orders_30d,
        n.fast_pay_orders - coalesce(w90.fast_pay_orders, 0.0)
            as fast_pay_orders_90d,
        n.instant_orders - coalesce(w30.instant_orders, 0.0)
            as instant_orders_30d,
        n.instant_orders - coalesce(w90.instant_orders, 0.0)
            as instant_orders_90d,
        n.live_orders - coalesce(w30.live_orders, 0.0) as live_orders_30d,
        n.affiliate_orders - coalesce(w30.affiliate_orders, 0.0)
            as affiliate_orders_30d,
        n.creator_device_orders - coalesce(w90.creator_device_orders, 0.0)
            as creator_device_orders_90d,
        cast(coalesce(b.max_hour_orders_7d, 0) as double) as max_hour_orders_7d,
        cast(coalesce(b.max_hour_orders_30d, 0) as double)
            as max_hour_orders_30d,
        n.refunds - coalesce(w1.refunds, 0.0) as refunds_1d,
        n.refunds - coalesce(w7.refunds, 0.0) as refunds_7d,
        n.refunds - coalesce(w30.refunds, 0.0) as refunds_30d,
        n.refunds - coalesce(w90.refunds, 0.0) as refunds_90d,
        round(n.refund_usd - coalesce(w30.refund_usd, 0.0), 4)
            as refund_usd_30d,
        round(n.refund_usd - coalesce(w90.refund_usd, 0.0), 4)
            as refund_usd_90d,
        n.late_refunds - coalesce(w90.late_refunds, 0.0) as late_refunds_90d,
        n.not_received - coalesce(w90.not_received, 0.0) as not_received_90d,
        n.disproved_claims - coalesce(w90.disproved_claims, 0.0)
            as disproved_claims_90d,
        n.low_quality_refunds - coalesce(w90.low_quality_refunds, 0.0)
            as low_quality_refunds_90d,
        n.copied_claims - coalesce(w90.copied_claims, 0.0) as copied_claims_90d,
        n.weighed_returns - coalesce(w90.weighed_returns, 0.0)
            as weighed_returns_90d,
        n.light_returns - coalesce(w90.light_returns, 0.0) as light_returns_90d,
        n.reviews - coalesce(w30.reviews, 0.0) as reviews_30d,
        n.reviews - coalesce(w90.reviews, 0.0) as reviews_90d,
        n.rating_sum - coalesce(w90.rating_sum, 0.0) as rating_sum_90d,
        n.five_stars - coalesce(w30.five_stars, 0.0) as five_stars_30d,
        n.five_stars - coalesce(w90.five_stars, 0.0) as five_stars_90d,
        n.low_stars - coalesce(w90.low_stars, 0.0) as low_stars_90d,
        n.fast_reviews - coalesce(w30.fast_reviews, 0.0) as fast_reviews_30d,
        n.fast_reviews - coalesce(w90.fast_reviews, 0.0) as fast_reviews_90d,
        n.deliveries - coalesce(w30.deliveries, 0.0) as deliveries_30d,
        n.deliveries - coalesce(w90.deliveries, 0.0) as deliveries_90d,
        n.light_parcels - coalesce(w30.light_parcels, 0.0) as light_parcels_30d,
        n.light_parcels - coalesce(w90.light_parcels, 0.0) as light_parcels_90d,
        n.fast_deliveries - coalesce(w30.fast_deliveries, 0.0)
            as fast_deliveries_30d,
        n.fast_deliveries - coalesce(w90.fast_deliveries, 0.0)
            as fast_deliveries_90d,
        n.few_scan_parcels - coalesce(w30.few_scan_parcels, 0.0)
            as few_scan_parcels_30d,
        n.few_scan_parcels - coalesce(w90.few_scan_parcels, 0.0)
            as few_scan_parcels_90d,
        n.late_dispatches - coalesce(w30.late_dispatches, 0.0)
            as late_dispatches_30d,
        n.counterparty_steps as counterparties_30d,
        n.device_steps as devices_30d
    from features.entity_totals as n
    inner join features.snapshots as s
        on
            n.entity_type = s.entity_type
            and n.day < s.as_of
            and n.next_day >= s.as_of
    left join features.entity_totals as w1
        on
            n.entity_number = w1.entity_number
            and w1.day < s.as_of - 1
            and w1.next_day >= s.as_of - 1
    left join features.entity_totals as w7
        on
            n.entity_number = w7.entity_number
            and w7.day < s.as_of - 7
            and w7.next_day >= s.as_of - 7
    left join features.entity_totals as w30
        on
            n.entity_number = w30.entity_number
            and w30.day < s.as_of - 30
            and w30.next_day >= s.as_of - 30
    left join features.entity_totals as w90
        on
            n.entity_number = w90.entity_number
            and w90.day < s.as_of - 90
            and w90.next_day >= s.as_of - 90
    left join busiest as b
        on
            n.entity_type = b.entity_type
            and n.entity_id = b.entity_id
            and s.as_of = b.as_of
)

select * from summed
where orders_90d > 0.0 or refunds_90d > 0.0
