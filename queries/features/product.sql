-- What was known of each selling listing at each snapshot.
--
-- A rate is null where fewer events than it needs were seen: too little history
-- is unknown, never zero. Each column's words and raw rows: evidence/product.toml.
-- A snapshot is taken at midnight: the hour before it says only that it is night. What
-- an hour can say is how busy the busiest one of a day, a week and a month was.
--
-- grain:   product_id, as_of
-- params:  none
-- returns: product_id                        varchar
--          as_of                             date     midnight UTC; only what came before is known
--          orders_1d                         double   count: orders, 1 day
--          orders_7d                         double   count: orders, 7 days
--          orders_30d                        double   count: orders, 30 days
--          orders_90d                        double   count: orders, 90 days
--          gmv_usd_1d                        double   USD: gmv, 1 day
--          gmv_usd_7d                        double   USD: gmv, 7 days
--          gmv_usd_30d                       double   USD: gmv, 30 days
--          gmv_usd_90d                       double   USD: gmv, 90 days
--          order_pace_7d_90d                 double   ratio: pace of the last week against 90 days
--          average_order_usd_30d             double   USD: average order value, 30 days
--          orders_per_buyer_30d              double   ratio: orders per buyer, 30 days
--          max_hour_orders_1d                double   count: busiest hour, 1 day
--          max_hour_orders_7d                double   count: busiest hour, 7 days
--          max_hour_orders_30d               double   count: busiest hour, 30 days
--          voucher_order_share_7d            double   share 0..1: orders with a voucher, 7 days
--          voucher_order_share_30d           double   share 0..1: orders with a voucher, 30 days
--          new_buyer_voucher_share_30d       double   share 0..1: orders with a new-buyer voucher, 30 days
--          tight_basket_share_30d            double   share 0..1: baskets just above the minimum spend, 30 days
--          young_account_order_share_7d      double   share 0..1: orders from new accounts, 7 days
--          young_account_order_share_30d     double   share 0..1: orders from new accounts, 30 days
--          crowded_device_order_share_7d     double   share 0..1: orders from crowded devices, 7 days
--          crowded_device_order_share_30d    double   share 0..1: orders from crowded devices, 30 days
--          crowded_address_order_share_30d   double   share 0..1: orders to crowded addresses, 30 days
--          shared_token_order_share_30d      double   share 0..1: orders on shared payment tokens, 30 days
--          unseen_order_share_7d             double   share 0..1: orders without an earlier look, 7 days
--          unseen_order_share_30d            double   share 0..1: orders without an earlier look, 30 days
--          fast_pay_order_share_30d          double   share 0..1: orders paid within a minute, 30 days
--          live_order_share_30d              double   share 0..1: orders from live streams, 30 days
--          refund_rate_7d                    double   share 0..1: refund rate, 7 days
--          refund_rate_30d                   double   share 0..1: refund rate, 30 days
--          refund_rate_90d                   double   share 0..1: refund rate, 90 days
--          not_received_rate_90d             double   share 0..1: not-received claims, 90 days
--          low_quality_rate_90d              double   share 0..1: quality refunds, 90 days
--          review_rate_30d                   double   ratio: reviews per delivery, 30 days
--          rating_mean_90d                   double   ratio: mean rating, 90 days
--          five_star_share_30d               double   share 0..1: five-star reviews, 30 days
--          fast_review_share_30d             double   share 0..1: reviews within 48 h of delivery, 30 days
--          low_star_share_90d                double   share 0..1: one and two-star reviews, 90 days
--          light_parcel_share_30d            double   share 0..1: parcels under half the declared weight, 30 days
--          fast_delivery_share_30d           double   share 0..1: parcels delivered within 12 hours, 30 days
--          few_scan_share_30d                double   share 0..1: parcels with two scans or fewer, 30 days
--          price_to_category                 double   ratio: price against the category
--          confirmed_bad_order_share_90d     double   share 0..1: orders by confirmed bad buyers, 90 days
--          account_age_days                  double   days: account age
--          complaint_rate_90d                double   ratio: complaints about parcel or goods, per order, 90 days
--          repeated_review_share_90d         double   share 0..1: reviews in words used before, 90 days
--          price_to_first                    double   ratio: price against its own first version
--          price_to_brand                    double   ratio: price against the brand's median
--          is_turned                         double   0 or 1: in another category than first
--          edits_30d                         double   count: new versions, 30 days
--          gone_image_listings               double   count: gone listings that showed its picture
--          is_misspelt_brand                 double   0 or 1: named nearly like a brand
--          order_pace_1d_30d                 double   ratio: pace of the last day against 30 days
--          order_pace_7d_30d                 double   ratio: pace of the last week against 30 days
--          order_pace_30d_90d                double   ratio: pace of the last 30 days against 90 days
--          busiest_hour_share_30d            double   share 0..1: orders in the busiest hour, 30 days
--          hour_orders_per_buyer_30d         double   ratio: most orders per buyer in an hour of 3 or more, 30 days
--          order_fano_30d                    double   ratio: variance / mean of daily orders, 30 days
--          order_hour_entropy_30d            double   0..1: entropy of the three-hour blocks of orders, 30 days
--          max_ten_minute_orders_30d         double   count: most orders in ten minutes, 30 days
--          orders_own_z_7d                   double   sds of a day: orders of the last week against its own past
--          gmv_own_z_7d                      double   sds of a day: gmv of the last week against its own past
--          refunds_own_z_7d                  double   sds of a day: refunds of the last week against its own past
--          voucher_orders_own_z_7d           double   sds of a day: voucher orders of the last week against its own past
--          crowded_device_orders_own_z_7d    double   sds of a day: crowded-device orders of the last week against its own past
--          orders_peer_z_30d                 double   robust sds: orders against peers, 30 days
--          average_order_peer_z_30d          double   robust sds: average order against peers, 30 days
--          voucher_share_peer_z_30d          double   robust sds: voucher orders against peers, 30 days
--          crowded_device_peer_z_30d         double   robust sds: crowded-device orders against peers, 30 days
--          fast_review_peer_z_30d            double   robust sds: fast reviews against peers, 30 days
--          refund_rate_peer_z_90d            double   robust sds: refund rate against peers, 90 days
--          late_dispatch_share_30d           double   share 0..1: late dispatches, 30 days
--          slow_parcel_share_30d             double   share 0..1: parcels over 120 hours on the way, 30 days
--          dispute_rate_90d                  double   ratio: bank disputes about the goods, per order, 90 days
--          quality_complaint_rate_90d        double   ratio: complaints about quality, per order, 90 days
--          one_star_share_90d                double   share 0..1: one-star reviews, 90 days
--          rating_entropy_90d                double   0..1: entropy of the five stars, 90 days
--          rating_polarisation_90d           double   0..1: sd of the stars over its maximum, 90 days
--          lockstep_order_share_90d          double   share 0..1: orders by accounts in lockstep, 90 days
--          lockstep_crew_90d                 double   count: most buyers of one lockstep group, 90 days
--          buyer_age_mean_30d                double   days: age of the accounts that ordered, 30 days
--          buyer_age_sd_30d                  double   days: standard deviation of these ages, 30 days
--          buyer_device_log_30d              double   ratio: mean ln(accounts on the device of an order), 30 days
--          buyer_address_log_30d             double   ratio: mean ln(accounts at the address of an order), 30 days
--          buyer_max_device_30d              double   count: most accounts on the device of an order, 30 days
--          bad_buyer_share_30d               double   share 0..1: buyers confirmed bad, drawn to the base rate, 30 days
--          fast_reviews_over_shop_30d        double   -1..1: share of fast reviews less its shop's, 30 days
--          near_copied_review_share_90d      double   share 0..1: reviews nearly in another's words that week, 90 days
--          near_titles                       double   count: listings of unrelated shops with nearly its title
--          shop_orders_log_30d               double   ratio: ln(1 + orders of its shop's other listings), 30 days
--          device_log_over_shop_30d          double   ratio: its buyers' own less that at its shop's other listings, 30 days

-- Of every active listing, described or not: those described are no fair sample.
with subjects as (
    select
        a.entity_id,
        s.as_of
    from population.active_spans as a
    inner join facts.snapshots as s
        on
            a.entity_type = s.entity_type
            and a.first_day < s.as_of
            and a.last_day >= s.as_of - 90
    where a.entity_type = 'product'
),

category_prices as (
    select
        p.category,
        s.as_of,
        median(p.price_usd) as median_price_usd
    from subjects as s
    inner join staging.products as p on s.entity_id = p.product_id
    group by p.category, s.as_of
),

conduct as (
    select
        w.entity_id as product_id,
        w.as_of,
        rate(coalesce(t.complaints_90d, 0.0), w.orders_90d, least_orders())
            as complaint_rate_90d,
        rate(
            coalesce(r.repeated_reviews_90d, 0.0), w.reviews_90d, many_reviews()
        ) as repeated_review_share_90d,
        coalesce(l.price_usd / nullif(l.first_price_usd, 0.0), 1.0)
            as price_to_first,
        case
            when b.listings >= 5 and b.median_price_usd > 0.0
                then coalesce(l.price_usd, p.price_usd) / b.median_price_usd
        end as price_to_brand,
        coalesce(l.is_turned, 0.0) as is_turned,
        coalesce(l.edits_30d, 0.0) as edits_30d,
        coalesce(l.gone_image_listings, 0.0) as gone_image_listings,
        coalesce(l.is_misspelt, 0.0) as is_misspelt_brand
    from windows.entity_windows as w
    left join staging.products as p on w.entity_id = p.product_id
    left join windows.trouble_totals as t
        on
            w.entity_type = t.entity_type
            and w.entity_id = t.entity_id
            and w.as_of = t.as_of
    left join windows.review_totals as r
        on
            w.entity_type = r.entity_type
            and w.entity_id = r.entity_id
            and w.as_of = r.as_of
    left join windows.listing_states as l
        on w.entity_id = l.product_id and w.as_of = l.as_of
    left join windows.brand_prices as b
        on p.brand = b.brand and w.as_of = b.as_of
    where w.entity_type = 'product'
),

observation as (
    select
        w.entity_id as product_id,
        w.as_of,
        w.orders_1d,
        w.orders_7d,
        w.orders_30d,
        w.orders_90d,
        w.gmv_usd_1d,
        w.gmv_usd_7d,
        w.gmv_usd_30d,
        w.gmv_usd_90d,
        enough(
            pace(w.orders_7d, 7, w.orders_90d, 90), w.orders_90d, least_orders()
        ) as order_pace_7d_90d,
        rate(w.gmv_usd_30d, w.orders_30d, least_orders())
            as average_order_usd_30d,
        case
            when w.orders_30d >= 5.0 and w.counterparties_30d > 0.0
                then w.orders_30d / w.counterparties_30d
        end as orders_per_buyer_30d,
        w.max_hour_orders_1d,
        w.max_hour_orders_7d,
        w.max_hour_orders_30d,
        rate(w.voucher_orders_7d, w.orders_7d, least_orders())
            as voucher_order_share_7d,
        rate(w.voucher_orders_30d, w.orders_30d, least_orders())
            as voucher_order_share_30d,
        rate(w.new_buyer_vouchers_30d, w.orders_30d, least_orders())
            as new_buyer_voucher_share_30d,
        rate(w.tight_baskets_30d, w.orders_30d, least_orders())
            as tight_basket_share_30d,
        rate(w.young_account_orders_7d, w.orders_7d, least_orders())
            as young_account_order_share_7d,
        rate(w.young_account_orders_30d, w.orders_30d, least_orders())
            as young_account_order_share_30d,
        rate(w.crowded_device_orders_7d, w.orders_7d, least_orders())
            as crowded_device_order_share_7d,
        rate(w.crowded_device_orders_30d, w.orders_30d, least_orders())
            as crowded_device_order_share_30d,
        rate(w.crowded_address_orders_30d, w.orders_30d, least_orders())
            as crowded_address_order_share_30d,
        rate(w.shared_token_orders_30d, w.orders_30d, least_orders())
            as shared_token_order_share_30d,
        rate(w.unseen_orders_7d, w.orders_7d, least_orders())
            as unseen_order_share_7d,
        rate(w.unseen_orders_30d, w.orders_30d, least_orders())
            as unseen_order_share_30d,
        rate(w.fast_pay_orders_30d, w.orders_30d, least_orders())
            as fast_pay_order_share_30d,
        rate(w.live_orders_30d, w.orders_30d, least_orders())
            as live_order_share_30d,
        rate(w.refunds_7d, w.orders_7d, least_orders()) as refund_rate_7d,
        rate(w.refunds_30d, w.orders_30d, least_orders()) as refund_rate_30d,
        rate(w.refunds_90d, w.orders_90d, least_orders()) as refund_rate_90d,
        rate(w.not_received_90d, w.orders_90d, least_orders())
            as not_received_rate_90d,
        rate(w.low_quality_refunds_90d, w.orders_90d, least_orders())
            as low_quality_rate_90d,
        rate(w.reviews_30d, w.deliveries_30d, least_deliveries())
            as review_rate_30d,
        rate(w.rating_sum_90d, w.reviews_90d, 5.0) as rating_mean_90d,
        rate(w.five_stars_30d, w.reviews_30d, least_reviews())
            as five_star_share_30d,
        rate(w.fast_reviews_30d, w.reviews_30d, least_reviews())
            as fast_review_share_30d,
        rate(w.low_stars_90d, w.reviews_90d, least_reviews())
            as low_star_share_90d,
        rate(w.light_parcels_30d, w.deliveries_30d, least_deliveries())
            as light_parcel_share_30d,
        rate(w.fast_deliveries_30d, w.deliveries_30d, least_deliveries())
            as fast_delivery_share_30d,
        rate(w.few_scan_parcels_30d, w.deliveries_30d, least_deliveries())
            as few_scan_share_30d,
        case
            when c.median_price_usd > 0.0 then p.price_usd / c.median_price_usd
        end as price_to_category,
        rate(
            coalesce(n.confirmed_bad_orders_90d, 0.0),
            w.orders_90d,
            least_orders()
        ) as confirmed_bad_order_share_90d,
        cast(
            date_diff(
                'day', p.listed_at, cast(w.as_of as timestamp)
            ) as double
        )
            as account_age_days,
        d.complaint_rate_90d,
        d.repeated_review_share_90d,
        d.price_to_first,
        d.price_to_brand,
        d.is_turned,
        d.edits_30d,
        d.gone_image_listings,
        d.is_misspelt_brand
    from windows.entity_windows as w
    left join windows.entity_neighbours as n
        on
            n.entity_type = 'product'
            and w.entity_id = n.entity_id
            and w.as_of = n.as_of
    left join staging.products as p on w.entity_id = p.product_id
    left join category_prices as c
        on p.category = c.category and w.as_of = c.as_of
    left join conduct as d
        on w.entity_id = d.product_id and w.as_of = d.as_of
    where w.entity_type = 'product'
),

-- Against its own past and its peers, in time and in service.
compared as (
    select
        d.*,
        enough(
            pace(d.orders_1d, 1, d.orders_30d, 30), d.orders_30d, least_orders()
        ) as order_pace_1d_30d,
        enough(
            pace(d.orders_7d, 7, d.orders_30d, 30), d.orders_30d, least_orders()
        ) as order_pace_7d_30d,
        enough(
            pace(d.orders_30d, 30, d.orders_90d, 90),
            d.orders_90d,
            least_orders()
        ) as order_pace_30d_90d,
        rate(d.max_hour_orders_30d, d.orders_30d, many_orders())
            as busiest_hour_share_30d,
        b.hour_orders_per_buyer_30d,
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
        rate(coalesce(q.disputes_90d, 0.0), d.orders_90d, many_orders())
            as dispute_rate_90d,
        rate(
            coalesce(q.quality_complaints_90d, 0.0), d.orders_90d, many_orders()
        ) as quality_complaint_rate_90d,
        q.one_star_share_90d,
        q.rating_entropy_90d,
        q.rating_polarisation_90d
    from observation as d
    left join windows.bursts as b
        on
            b.entity_type = 'product'
            and d.product_id = b.entity_id
            and d.as_of = b.as_of
    left join windows.own_past as o
        on
            o.entity_type = 'product'
            and d.product_id = o.entity_id
            and d.as_of = o.as_of
    left join surroundings.peer_scores as p
        on
            p.entity_type = 'product'
            and d.product_id = p.entity_id
            and d.as_of = p.as_of
    left join windows.service_totals as q
        on
            q.entity_type = 'product'
            and d.product_id = q.entity_id
            and d.as_of = q.as_of
    left join windows.entity_windows as w
        on
            w.entity_type = 'product'
            and d.product_id = w.entity_id
            and d.as_of = w.as_of
),

-- With whom its buyers move.
accompanied as (
    select
        d.*,
        rate(coalesce(l.lockstep_orders_90d, 0.0), d.orders_90d, least_orders())
            as lockstep_order_share_90d,
        coalesce(l.lockstep_crew_90d, 0.0) as lockstep_crew_90d
    from compared as d
    left join windows.seller_lockstep as l
        on
            l.entity_type = 'product'
            and d.product_id = l.entity_id
            and d.as_of = l.as_of
),

-- What kind of accounts its buyers are. And how it differs from its shop.
served as (
    select
        d.*,
        enough(k.buyer_age_mean_30d, d.orders_30d, least_orders())
            as buyer_age_mean_30d,
        enough(k.buyer_age_sd_30d, d.orders_30d, least_orders())
            as buyer_age_sd_30d,
        enough(k.device_log_30d, d.orders_30d, least_orders())
            as buyer_device_log_30d,
        enough(k.address_log_30d, d.orders_30d, least_orders())
            as buyer_address_log_30d,
        enough(k.max_device_30d, d.orders_30d, least_orders())
            as buyer_max_device_30d,
        smoothed_rate(k.bad_buyers_30d, n.counterparties_30d, k.base_rate)
            as bad_buyer_share_30d,
        d.fast_review_share_30d - m.fast_review_share_30d
            as fast_reviews_over_shop_30d,
        rate(coalesce(t.near_copies_90d, 0.0), n.reviews_90d, many_reviews())
            as near_copied_review_share_90d
    from accompanied as d
    left join windows.buyer_mix as k
        on
            k.entity_type = 'product'
            and d.product_id = k.entity_id
            and d.as_of = k.as_of
    left join windows.entity_windows as n
        on
            n.entity_type = 'product'
            and d.product_id = n.entity_id
            and d.as_of = n.as_of
    left join windows.twin_totals as t
        on
            t.entity_type = 'product'
            and d.product_id = t.entity_id
            and d.as_of = t.as_of
    left join staging.products as o on d.product_id = o.product_id
    left join features.merchant as m
        on o.merchant_id = m.merchant_id and d.as_of = m.as_of
),

-- Who calls a listing nearly the same.
named as (
    select
        d.*,
        coalesce(t.near_titles, 0.0) as near_titles
    from served as d
    left join windows.title_totals as t
        on d.product_id = t.product_id and d.as_of = t.as_of
),

-- How it differs from the rest of its shop, and whom those sell to.
shelved as (
    select
        d.*,
        s.orders_log_30d as shop_orders_log_30d,
        d.buyer_device_log_30d - s.device_log_30d as device_log_over_shop_30d
    from named as d
    left join surroundings.sibling_listings as s
        on d.product_id = s.product_id and d.as_of = s.as_of
)

select * from shelved
