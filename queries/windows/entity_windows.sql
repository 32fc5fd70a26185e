-- Sums of the days before each snapshot, of every shop, creator and listing.
--
-- Only who had an order or a refund in 90 days has a row.
--
-- Distinct buyers (or devices) are the orders less those of who had ordered before
-- in the same days.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type                 varchar  merchant, creator, product
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
--          commission_usd_30d          double   USD promised to creators, 30 days
--          voucher_orders_7d           double   with a voucher, 7 days
--          voucher_orders_30d          double   with a voucher, 30 days
--          new_buyer_vouchers_30d      double   with a new-buyer voucher, 30 days
--          tight_baskets_30d           double   just above the minimum spend, 30 days
--          young_account_orders_7d     double   from accounts under 7 days old, 7 days
--          young_account_orders_30d    double   from accounts under 7 days old, 30 days
--          crowded_device_orders_7d    double   from devices with 3+ accounts, 7 days
--          crowded_device_orders_30d   double   from devices with 3+ accounts, 30 days
--          crowded_address_orders_30d  double   to addresses with 5+ accounts, 30 days
--          shared_token_orders_30d     double   paid by tokens with 2+ accounts, 30 days
--          unseen_orders_7d            double   without an earlier look, 7 days
--          unseen_orders_30d           double   without an earlier look, 30 days
--          fast_pay_orders_30d         double   paid within 60 s, 30 days
--          instant_orders_30d          double   under 5 s after the click, 30 days
--          instant_orders_90d          double   under 5 s after the click, 90 days
--          live_orders_30d             double   in a live, 30 days
--          affiliate_orders_30d        double   by affiliate link, 30 days
--          creator_device_orders_90d   double   from the promoter's own device, 90 days
--          max_hour_orders_1d          double   most orders in one hour, 1 day
--          max_hour_orders_7d          double   most orders in one hour, 7 days
--          max_hour_orders_30d         double   most orders in one hour, 30 days
--          refunds_7d                  double   refund requests, 7 days
--          refunds_30d                 double   refund requests, 30 days
--          refunds_90d                 double   refund requests, 90 days
--          late_refunds_90d            double   requested 12+ days after order, 90 days
--          not_received_90d            double   claimed not received, 90 days
--          low_quality_refunds_90d     double   defective or not as described, 90 days
--          reviews_30d                 double   reviews, 30 days
--          reviews_90d                 double   reviews, 90 days
--          rating_sum_90d              double   stars, 90 days
--          five_stars_30d              double   5-star reviews, 30 days
--          low_stars_90d               double   1 and 2-star reviews, 90 days
--          fast_reviews_30d            double   within 48 h of delivery, 30 days
--          deliveries_30d              double   parcels delivered, 30 days
--          light_parcels_30d           double   under half the weight, 30 days
--          fast_deliveries_30d         double   under 12 h in transit, 30 days
--          few_scan_parcels_30d        double   2 scans or fewer, 30 days
--          late_dispatches_30d         double   over 48 h after order, 30 days
--          counterparties_30d          double   distinct other parties, 30 days
--          devices_30d                 double   distinct devices, 30 days
with quarter as (
    select
        s.observation_id,
        sum(d.orders) filter (where d.day >= s.as_of - 30) as orders_30d,
        sum(d.orders) as orders_90d,
        sum(d.gmv_usd) as gmv_usd_90d,
        sum(d.instant_orders) as instant_orders_90d,
        sum(d.creator_device_orders) as creator_device_orders_90d
    from days.order_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 90)
    group by s.observation_id
),

month as (
    select
        s.observation_id,
        sum(d.gmv_usd) as gmv_usd_30d,
        sum(d.commission_usd) as commission_usd_30d,
        sum(d.voucher_orders) as voucher_orders_30d,
        sum(d.new_buyer_vouchers) as new_buyer_vouchers_30d,
        sum(d.tight_baskets) as tight_baskets_30d,
        sum(d.young_account_orders) as young_account_orders_30d,
        sum(d.crowded_device_orders) as crowded_device_orders_30d,
        sum(d.crowded_address_orders) as crowded_address_orders_30d,
        sum(d.shared_token_orders) as shared_token_orders_30d,
        sum(d.unseen_orders) as unseen_orders_30d,
        sum(d.fast_pay_orders) as fast_pay_orders_30d,
        sum(d.instant_orders) as instant_orders_30d,
        sum(d.live_orders) as live_orders_30d,
        sum(d.affiliate_orders) as affiliate_orders_30d,
        max(d.max_hour_orders) as max_hour_orders_30d
    from days.order_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 30)
    group by s.observation_id
),

week as (
    select
        s.observation_id,
        sum(d.orders) filter (where d.day >= s.as_of - 1) as orders_1d,
        sum(d.orders) as orders_7d,
        sum(d.gmv_usd) filter (where d.day >= s.as_of - 1) as gmv_usd_1d,
        sum(d.gmv_usd) as gmv_usd_7d,
        sum(d.voucher_orders) as voucher_orders_7d,
        sum(d.young_account_orders) as young_account_orders_7d,
        sum(d.crowded_device_orders) as crowded_device_orders_7d,
        sum(d.unseen_orders) as unseen_orders_7d,
        max(d.max_hour_orders) filter (where d.day >= s.as_of - 1)
            as max_hour_orders_1d,
        max(d.max_hour_orders) as max_hour_orders_7d
    from days.order_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 7)
    group by s.observation_id
),

repeats as (
    select
        s.observation_id,
        sum(d.orders) filter (where d.party = 'buyer') as same_buyers_30d,
        sum(d.orders) filter (where d.party = 'device') as same_devices_30d
    from days.repeat_orders as d
    inner join population.seller_spine as s
        on
            d.entity_key = s.entity_key
            and d.day < s.as_of
            and d.previous_day >= s.as_of - 30
    group by s.observation_id
),

final as (
    select
        e.entity_type,
        e.entity_id,
        e.as_of,
        number(k.orders_1d) as orders_1d,
        number(k.orders_7d) as orders_7d,
        number(o.orders_30d) as orders_30d,
        number(o.orders_90d) as orders_90d,
        dollars(k.gmv_usd_1d) as gmv_usd_1d,
        dollars(k.gmv_usd_7d) as gmv_usd_7d,
        dollars(q.gmv_usd_30d) as gmv_usd_30d,
        dollars(o.gmv_usd_90d) as gmv_usd_90d,
        dollars(q.commission_usd_30d) as commission_usd_30d,
        number(k.voucher_orders_7d) as voucher_orders_7d,
        number(q.voucher_orders_30d) as voucher_orders_30d,
        number(q.new_buyer_vouchers_30d) as new_buyer_vouchers_30d,
        number(q.tight_baskets_30d) as tight_baskets_30d,
        number(k.young_account_orders_7d) as young_account_orders_7d,
        number(q.young_account_orders_30d) as young_account_orders_30d,
        number(k.crowded_device_orders_7d) as crowded_device_orders_7d,
        number(q.crowded_device_orders_30d) as crowded_device_orders_30d,
        number(q.crowded_address_orders_30d) as crowded_address_orders_30d,
        number(q.shared_token_orders_30d) as shared_token_orders_30d,
        number(k.unseen_orders_7d) as unseen_orders_7d,
        number(q.unseen_orders_30d) as unseen_orders_30d,
        number(q.fast_pay_orders_30d) as fast_pay_orders_30d,
        number(q.instant_orders_30d) as instant_orders_30d,
        number(o.instant_orders_90d) as instant_orders_90d,
        number(q.live_orders_30d) as live_orders_30d,
        number(q.affiliate_orders_30d) as affiliate_orders_30d,
        number(o.creator_device_orders_90d) as creator_device_orders_90d,
        number(k.max_hour_orders_1d) as max_hour_orders_1d,
        number(k.max_hour_orders_7d) as max_hour_orders_7d,
        number(q.max_hour_orders_30d) as max_hour_orders_30d,
        a.* exclude (observation_id),
        number(o.orders_30d) - number(m.same_buyers_30d) as counterparties_30d,
        case
            when e.entity_type = 'product' then 0.0
            else number(o.orders_30d) - number(m.same_devices_30d)
        end as devices_30d
    from population.seller_spine as e
    inner join windows.seller_aftersales as a
        on e.observation_id = a.observation_id
    left join quarter as o on e.observation_id = o.observation_id
    left join month as q on e.observation_id = q.observation_id
    left join week as k on e.observation_id = k.observation_id
    left join repeats as m on e.observation_id = m.observation_id
)

select * from final
