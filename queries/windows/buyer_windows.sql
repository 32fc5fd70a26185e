-- Sums of the days before each snapshot, of every buyer.
--
-- Only who had an order or a refund in 90 days has a row. A buyer seldom does two
-- things on a day, so events are summed without making days of them first. Money is
-- made exact once an order, not once for each snapshot that counts it.
--
-- grain:   buyer_id, as_of
-- params:  none
-- returns: buyer_id                   varchar
--          as_of                      date     only days before it count
--          orders_1d                  double   orders placed, 1 day
--          orders_7d                  double   orders placed, 7 days
--          orders_30d                 double   orders placed, 30 days
--          orders_90d                 double   orders placed, 90 days
--          gmv_usd_1d                 double   USD paid, 1 day
--          gmv_usd_7d                 double   USD paid, 7 days
--          gmv_usd_30d                double   USD paid, 30 days
--          gmv_usd_90d                double   USD paid, 90 days
--          voucher_usd_30d            double   USD of discount, 30 days
--          voucher_usd_90d            double   USD of discount, 90 days
--          voucher_orders_90d         double   with a voucher, 90 days
--          new_buyer_vouchers_90d     double   with a new-buyer voucher, 90 days
--          tight_baskets_90d          double   just above the minimum spend, 90 days
--          young_account_orders_90d   double   from accounts under 7 days old, 90 days
--          unseen_orders_90d          double   without an earlier look, 90 days
--          fast_pay_orders_90d        double   paid within 60 s, 90 days
--          instant_orders_90d         double   under 5 s after the click, 90 days
--          creator_device_orders_90d  double   from the promoter's own device, 90 days
--          max_hour_orders_1d         double   most orders in one hour, 1 day
--          max_hour_orders_7d         double   most orders in one hour, 7 days
--          max_hour_orders_30d        double   most orders in one hour, 30 days
--          refunds_30d                double   refund requests, 30 days
--          refunds_90d                double   refund requests, 90 days
--          refund_usd_30d             double   USD requested, 30 days
--          refund_usd_90d             double   USD requested, 90 days
--          late_refunds_90d           double   requested 12+ days after order, 90 days
--          not_received_90d           double   claimed not received, 90 days
--          disproved_claims_90d       double   not received, yet delivered, 90 days
--          copied_claims_90d          double   words 3+ accounts used, 90 days
--          weighed_returns_90d        double   returns weighed, 90 days
--          light_returns_90d          double   under half the weight, 90 days
--          reviews_90d                double   reviews, 90 days
--          five_stars_90d             double   5-star reviews, 90 days
--          fast_reviews_90d           double   within 48 h of delivery, 90 days
--          deliveries_90d             double   parcels delivered, 90 days
--          light_parcels_90d          double   under half the weight, 90 days
--          few_scan_parcels_90d       double   2 scans or fewer, 90 days
--          counterparties_30d         double   distinct shops, 30 days
--          observation_id             bigint   of population.observations
with purchases as (
    select
        n.entity_key,
        f.* exclude (paid_usd, voucher_usd),
        cast(f.paid_usd as decimal(18, 6)) as paid_usd,
        cast(f.voucher_usd as decimal(18, 6)) as voucher_usd
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and f.buyer_id = n.entity_id
),

orders as (
    select
        s.observation_id,
        count(*) filter (where f.day >= s.as_of - 1) as orders_1d,
        count(*) filter (where f.day >= s.as_of - 7) as orders_7d,
        count(*) filter (where f.day >= s.as_of - 30) as orders_30d,
        count(*) as orders_90d,
        sum(f.paid_usd) filter (where f.day >= s.as_of - 1) as gmv_usd_1d,
        sum(f.paid_usd) filter (where f.day >= s.as_of - 7) as gmv_usd_7d,
        sum(f.paid_usd) filter (where f.day >= s.as_of - 30) as gmv_usd_30d,
        sum(f.paid_usd) as gmv_usd_90d,
        sum(f.voucher_usd) filter (where f.day >= s.as_of - 30)
            as voucher_usd_30d,
        sum(f.voucher_usd) as voucher_usd_90d,
        sum(f.is_voucher) as voucher_orders_90d,
        sum(f.is_new_buyer_voucher) as new_buyer_vouchers_90d,
        sum(f.is_tight_basket) as tight_baskets_90d,
        sum(f.is_young_account) as young_account_orders_90d,
        sum(f.is_unseen) as unseen_orders_90d,
        sum(f.is_fast_pay) as fast_pay_orders_90d,
        sum(f.is_instant) as instant_orders_90d,
        sum(f.is_creator_device) as creator_device_orders_90d
    from purchases as f
    inner join population.buyer_spine as s
        on f.entity_key = s.entity_key and within(f.day, s.as_of, 90)
    group by s.observation_id
),

reviews as (
    select
        s.observation_id,
        count(*) as reviews_90d,
        sum(f.is_five_star) as five_stars_90d,
        sum(f.is_fast) as fast_reviews_90d
    from facts.review_facts as f
    inner join population.buyer_spine as s
        on f.buyer_id = s.buyer_id and within(f.day, s.as_of, 90)
    group by s.observation_id
),

deliveries as (
    select
        s.observation_id,
        count(*) as deliveries_90d,
        sum(f.is_light) as light_parcels_90d,
        sum(f.is_few_scans) as few_scan_parcels_90d
    from facts.delivery_facts as f
    inner join population.buyer_spine as s
        on f.buyer_id = s.buyer_id and within(f.day, s.as_of, 90)
    group by s.observation_id
),

-- Hours with one order need no looking for: whoever ordered had one.
busiest_hours as (
    select
        s.observation_id,
        max(h.orders) filter (where h.day >= s.as_of - 1) as orders_1d,
        max(h.orders) filter (where h.day >= s.as_of - 7) as orders_7d,
        max(h.orders) as orders_30d
    from facts.buyer_hours as h
    inner join population.buyer_spine as s
        on h.buyer_id = s.buyer_id and within(h.day, s.as_of, 30)
    group by s.observation_id
),

repeats as (
    select
        s.observation_id,
        sum(d.orders) as same_merchants_30d
    from days.repeat_orders as d
    inner join population.buyer_spine as s
        on
            d.entity_key = s.entity_key
            and d.day < s.as_of
            and d.previous_day >= s.as_of - 30
    group by s.observation_id
),

final as (
    select
        e.buyer_id,
        e.as_of,
        number(o.orders_1d) as orders_1d,
        number(o.orders_7d) as orders_7d,
        number(o.orders_30d) as orders_30d,
        number(o.orders_90d) as orders_90d,
        dollars(o.gmv_usd_1d) as gmv_usd_1d,
        dollars(o.gmv_usd_7d) as gmv_usd_7d,
        dollars(o.gmv_usd_30d) as gmv_usd_30d,
        dollars(o.gmv_usd_90d) as gmv_usd_90d,
        dollars(o.voucher_usd_30d) as voucher_usd_30d,
        dollars(o.voucher_usd_90d) as voucher_usd_90d,
        number(o.voucher_orders_90d) as voucher_orders_90d,
        number(o.new_buyer_vouchers_90d) as new_buyer_vouchers_90d,
        number(o.tight_baskets_90d) as tight_baskets_90d,
        number(o.young_account_orders_90d) as young_account_orders_90d,
        number(o.unseen_orders_90d) as unseen_orders_90d,
        number(o.fast_pay_orders_90d) as fast_pay_orders_90d,
        number(o.instant_orders_90d) as instant_orders_90d,
        number(o.creator_device_orders_90d) as creator_device_orders_90d,
        number(case when o.orders_1d > 0 then coalesce(b.orders_1d, 1) end)
            as max_hour_orders_1d,
        number(case when o.orders_7d > 0 then coalesce(b.orders_7d, 1) end)
            as max_hour_orders_7d,
        number(case when o.orders_30d > 0 then coalesce(b.orders_30d, 1) end)
            as max_hour_orders_30d,
        number(r.refunds_30d) as refunds_30d,
        number(r.refunds_90d) as refunds_90d,
        dollars(r.refund_usd_30d) as refund_usd_30d,
        dollars(r.refund_usd_90d) as refund_usd_90d,
        number(r.late_refunds_90d) as late_refunds_90d,
        number(r.not_received_90d) as not_received_90d,
        number(r.disproved_claims_90d) as disproved_claims_90d,
        number(r.copied_claims_90d) as copied_claims_90d,
        number(r.weighed_returns_90d) as weighed_returns_90d,
        number(r.light_returns_90d) as light_returns_90d,
        number(v.reviews_90d) as reviews_90d,
        number(v.five_stars_90d) as five_stars_90d,
        number(v.fast_reviews_90d) as fast_reviews_90d,
        number(d.deliveries_90d) as deliveries_90d,
        number(d.light_parcels_90d) as light_parcels_90d,
        number(d.few_scan_parcels_90d) as few_scan_parcels_90d,
        number(o.orders_30d) - number(m.same_merchants_30d)
            as counterparties_30d,
        e.observation_id
    from population.buyer_spine as e
    left join orders as o on e.observation_id = o.observation_id
    left join windows.buyer_refunds as r on e.observation_id = r.observation_id
    left join busiest_hours as b on e.observation_id = b.observation_id
    left join reviews as v on e.observation_id = v.observation_id
    left join deliveries as d on e.observation_id = d.observation_id
    left join repeats as m on e.observation_id = m.observation_id
)

select * from final
