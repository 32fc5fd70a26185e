-- Running totals of each entity's days, and until when each total stands.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type             varchar
--          entity_id               varchar
--          entity_number           bigint   short key of the two
--          day                     date
--          next_day                date     the total stands before this day ends
--          orders                  double   orders placed, so far
--          gmv_usd                 double   USD paid, so far
--          voucher_usd             double   USD of discount, so far
--          commission_usd          double   USD promised to creators, so far
--          voucher_orders          double   with a voucher, so far
--          new_buyer_vouchers      double   with a new-buyer voucher, so far
--          tight_baskets           double   just above the minimum spend, so far
--          young_account_orders    double   from accounts under 7 days old, so far
--          crowded_device_orders   double   from devices with 3+ accounts, so far
--          crowded_address_orders  double   to addresses with 5+ accounts, so far
--          shared_token_orders     double   paid by tokens with 2+ accounts, so far
--          unseen_orders           double   without an earlier look, so far
--          fast_pay_orders         double   paid within 60 s, so far
--          instant_orders          double   under 5 s after the click, so far
--          live_orders             double   in a live, so far
--          affiliate_orders        double   by affiliate link, so far
--          creator_device_orders   double   from the promoter's own device, so far
--          refunds                 double   refund requests, so far
--          refund_usd              double   USD requested, so far
--          late_refunds            double   requested 12+ days after order, so far
--          not_received            double   claimed not received, so far
--          disproved_claims        double   not received, yet delivered, so far
--          low_quality_refunds     double   defective or not as described, so far
--          copied_claims           double   words 3+ accounts used, so far
--          weighed_returns         double   returns weighed, so far
--          light_returns           double   under half the weight, so far
--          reviews                 double   reviews, so far
--          rating_sum              double   stars, so far
--          five_stars              double   5-star reviews, so far
--          low_stars               double   1 and 2-star reviews, so far
--          fast_reviews            double   within 48 h of delivery, so far
--          deliveries              double   parcels delivered, so far
--          light_parcels           double   under half the weight, so far
--          fast_deliveries         double   under 12 h in transit, so far
--          few_scan_parcels        double   2 scans or fewer, so far
--          late_dispatches         double   over 48 h after order, so far
--          counterparty_steps      double   distinct parties of 30 days
--          device_steps            double   distinct devices of 30 days
with totals as (
    select
        entity_type,
        entity_id,
        dense_rank() over (order by entity_type, entity_id) as entity_number,
        day,
        lead(day, 1, date '9999-12-31') over running as next_day,
        sum(cast(orders as double)) over running as orders,
        sum(cast(gmv_usd as double)) over running as gmv_usd,
        sum(cast(voucher_usd as double)) over running as voucher_usd,
        sum(cast(commission_usd as double)) over running as commission_usd,
        sum(cast(voucher_orders as double)) over running as voucher_orders,
        sum(cast(new_buyer_vouchers as double)) over running
            as new_buyer_vouchers,
        sum(cast(tight_baskets as double)) over running as tight_baskets,
        sum(cast(young_account_orders as double)) over running
            as young_account_orders,
        sum(cast(crowded_device_orders as double)) over running
            as crowded_device_orders,
        sum(cast(crowded_address_orders as double)) over running
            as crowded_address_orders,
        sum(cast(shared_token_orders as double)) over running
            as shared_token_orders,
        sum(cast(unseen_orders as double)) over running as unseen_orders,
        sum(cast(fast_pay_orders as double)) over running as fast_pay_orders,
        sum(cast(instant_orders as double)) over running as instant_orders,
        sum(cast(live_orders as double)) over running as live_orders,
        sum(cast(affiliate_orders as double)) over running as affiliate_orders,
        sum(cast(creator_device_orders as double)) over running
            as creator_device_orders,
        sum(cast(refunds as double)) over running as refunds,
        sum(cast(refund_usd as double)) over running as refund_usd,
        sum(cast(late_refunds as double)) over running as late_refunds,
        sum(cast(not_received as double)) over running as not_received,
        sum(cast(disproved_claims as double)) over running as disproved_claims,
        sum(cast(low_quality_refunds as double)) over running
            as low_quality_refunds,
        sum(cast(copied_claims as double)) over running as copied_claims,
        sum(cast(weighed_returns as double)) over running as weighed_returns,
        sum(cast(light_returns as double)) over running as light_returns,
        sum(cast(reviews as double)) over running as reviews,
        sum(cast(rating_sum as double)) over running as rating_sum,
        sum(cast(five_stars as double)) over running as five_stars,
        sum(cast(low_stars as double)) over running as low_stars,
        sum(cast(fast_reviews as double)) over running as fast_reviews,
        sum(cast(deliveries as double)) over running as deliveries,
        sum(cast(light_parcels as double)) over running as light_parcels,
        sum(cast(fast_deliveries as double)) over running as fast_deliveries,
        sum(cast(few_scan_parcels as double)) over running as few_scan_parcels,
        sum(cast(late_dispatches as double)) over running as late_dispatches,
        sum(cast(counterparty_steps as double)) over running
            as counterparty_steps,
        sum(cast(device_steps as double)) over running as device_steps
    from features.entity_days
    window
        running as (
            partition by entity_type, entity_id
            order by day
            rows between unbounded preceding and current row
        )
)

select * from totals
