-- Sums of what came back in the days before each snapshot, of every seller.
--
-- Refunds, reviews and parcels of shops, creators and listings. Days are summed family
-- by family, since most days have events of one family only.
--
-- grain:   observation_id
-- params:  none
-- returns: observation_id           bigint  of population.observations
--          refunds_7d               double  refund requests, 7 days
--          refunds_30d              double  refund requests, 30 days
--          refunds_90d              double  refund requests, 90 days
--          late_refunds_90d         double  requested 12+ days after order, 90 days
--          not_received_90d         double  claimed not received, 90 days
--          low_quality_refunds_90d  double  defective or not as described, 90 days
--          reviews_30d              double  reviews, 30 days
--          reviews_90d              double  reviews, 90 days
--          rating_sum_90d           double  stars, 90 days
--          five_stars_30d           double  5-star reviews, 30 days
--          low_stars_90d            double  1 and 2-star reviews, 90 days
--          fast_reviews_30d         double  within 48 h of delivery, 30 days
--          deliveries_30d           double  parcels delivered, 30 days
--          light_parcels_30d        double  under half the weight, 30 days
--          fast_deliveries_30d      double  under 12 h in transit, 30 days
--          few_scan_parcels_30d     double  2 scans or fewer, 30 days
--          late_dispatches_30d      double  over 48 h after order, 30 days
with refunds as (
    select
        s.observation_id,
        sum(d.refunds) filter (where d.day >= s.as_of - 7) as refunds_7d,
        sum(d.refunds) filter (where d.day >= s.as_of - 30) as refunds_30d,
        sum(d.refunds) as refunds_90d,
        sum(d.late_refunds) as late_refunds_90d,
        sum(d.not_received) as not_received_90d,
        sum(d.low_quality_refunds) as low_quality_refunds_90d
    from days.refund_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 90)
    group by s.observation_id
),

reviews as (
    select
        s.observation_id,
        sum(d.reviews) filter (where d.day >= s.as_of - 30) as reviews_30d,
        sum(d.reviews) as reviews_90d,
        sum(d.rating_sum) as rating_sum_90d,
        sum(d.five_stars) filter (where d.day >= s.as_of - 30)
            as five_stars_30d,
        sum(d.low_stars) as low_stars_90d,
        sum(d.fast_reviews) filter (where d.day >= s.as_of - 30)
            as fast_reviews_30d
    from days.review_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 90)
    group by s.observation_id
),

deliveries as (
    select
        s.observation_id,
        sum(d.deliveries) as deliveries_30d,
        sum(d.light_parcels) as light_parcels_30d,
        sum(d.fast_deliveries) as fast_deliveries_30d,
        sum(d.few_scan_parcels) as few_scan_parcels_30d,
        sum(d.late_dispatches) as late_dispatches_30d
    from days.delivery_days as d
    inner join population.seller_spine as s
        on d.entity_key = s.entity_key and within(d.day, s.as_of, 30)
    group by s.observation_id
),

final as (
    select
        s.observation_id,
        number(r.refunds_7d) as refunds_7d,
        number(r.refunds_30d) as refunds_30d,
        number(r.refunds_90d) as refunds_90d,
        number(r.late_refunds_90d) as late_refunds_90d,
        number(r.not_received_90d) as not_received_90d,
        number(r.low_quality_refunds_90d) as low_quality_refunds_90d,
        number(v.reviews_30d) as reviews_30d,
        number(v.reviews_90d) as reviews_90d,
        number(v.rating_sum_90d) as rating_sum_90d,
        number(v.five_stars_30d) as five_stars_30d,
        number(v.low_stars_90d) as low_stars_90d,
        number(v.fast_reviews_30d) as fast_reviews_30d,
        number(d.deliveries_30d) as deliveries_30d,
        number(d.light_parcels_30d) as light_parcels_30d,
        number(d.fast_deliveries_30d) as fast_deliveries_30d,
        number(d.few_scan_parcels_30d) as few_scan_parcels_30d,
        number(d.late_dispatches_30d) as late_dispatches_30d
    from population.seller_spine as s
    left join refunds as r on s.observation_id = r.observation_id
    left join reviews as v on s.observation_id = v.observation_id
    left join deliveries as d on s.observation_id = d.observation_id
)

select * from final
