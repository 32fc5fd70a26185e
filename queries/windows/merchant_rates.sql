-- How each shop ships, prices, is reviewed and guards its data, by snapshot.
--
-- What only a shop has; what it has in common with listings and creators is in
-- windows.seller_rates.
--
-- grain:   merchant_id, as_of
-- params:  none
-- returns: merchant_id                 varchar
--          as_of                       date     only days before it count
--          bank_account_merchants      double   count: shops on the same bank account
--          account_age_days            double   days: account age
--          late_scan_rate_30d          double   ratio: no carrier scan 72 h after dispatch, per order, 30 days
--          reused_tracking_rate_90d    double   ratio: tracking numbers used before, per order, 90 days
--          wrong_address_share_30d     double   share 0..1: delivered to another door, 30 days
--          complaint_rate_90d          double   ratio: complaints about parcel or goods, per order, 90 days
--          cut_price_order_share_30d   double   share 0..1: orders under 70 % of the first price, 30 days
--          turned_order_share_30d      double   share 0..1: orders of listings in a new category, 30 days
--          own_desk_orders_90d         double   count: orders anywhere from its back-office device, 90 days
--          crew_review_share_90d       double   ratio: largest crew of shared reviewers per review, 90 days
--          repeated_review_share_90d   double   share 0..1: reviews in words used before, 90 days
--          office_merchants            double   count: other shops on its device or return address
--          closed_siblings             double   count: closed shops of the same bank, device or address
--          scam_call_rate_90d          double   ratio: scam calls reported by its buyers, per order, 90 days
--          place_scam_calls_90d        double   count: scam calls around its warehouse and order app, 90 days
--          off_hours_opened_share_90d  double   share 0..1: orders opened there outside the shift, 90 days
--          counterfeit_rate_90d        double   ratio: reports of fakes per order of its worst listing, 90 days
--          bank_takeovers_90d          double   count: bank and locks changed by a stranger, 90 days
--          misspelt_listings           double   count: listings named nearly like a brand
--          cut_reported_listings_90d   double   count: listings cut in price and reported as fake, 90 days
with final as (
    select
        w.entity_id as merchant_id,
        w.as_of,
        coalesce(n.bank_account_merchants, 1.0) as bank_account_merchants,
        age_days(e.registered_at, w.as_of) as account_age_days,
        rate(coalesce(t.late_scans_30d, 0.0), w.orders_30d, least_orders())
            as late_scan_rate_30d,
        rate(coalesce(t.reused_tracking_90d, 0.0), w.orders_90d, least_orders())
            as reused_tracking_rate_90d,
        rate(
            coalesce(t.wrong_addresses_30d, 0.0),
            w.deliveries_30d,
            least_deliveries()
        ) as wrong_address_share_30d,
        s.complaint_rate_90d,
        rate(
            coalesce(t.cut_price_orders_30d, 0.0), w.orders_30d, least_orders()
        ) as cut_price_order_share_30d,
        rate(coalesce(t.turned_orders_30d, 0.0), w.orders_30d, least_orders())
            as turned_order_share_30d,
        coalesce(t.own_desk_orders_90d, 0.0) as own_desk_orders_90d,
        rate(coalesce(r.crew_size_90d, 0.0), w.reviews_90d, many_reviews())
            as crew_review_share_90d,
        s.repeated_review_share_90d,
        coalesce(h.office_merchants, 0.0) as office_merchants,
        coalesce(h.closed_siblings, 0.0) as closed_siblings,
        rate(coalesce(l.scam_calls_90d, 0.0), w.orders_90d, least_orders())
            as scam_call_rate_90d,
        coalesce(l.place_scam_calls_90d, 0.0) as place_scam_calls_90d,
        rate(l.off_hours_orders_90d, l.opened_orders_90d, 100.0)
            as off_hours_opened_share_90d,
        coalesce(f.counterfeit_rate_90d, 0.0) as counterfeit_rate_90d,
        coalesce(b.bank_takeovers_90d, 0.0) as bank_takeovers_90d,
        coalesce(u.misspelt_listings, 0.0) as misspelt_listings,
        coalesce(u.cut_reported_listings_90d, 0.0)
            as cut_reported_listings_90d
    from windows.entity_windows as w
    inner join windows.seller_rates as s
        on
            w.entity_type = s.entity_type
            and w.entity_id = s.entity_id
            and w.as_of = s.as_of
    left join windows.entity_neighbours as n
        on
            w.entity_type = n.entity_type
            and w.entity_id = n.entity_id
            and w.as_of = n.as_of
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
    left join staging.merchants as e on w.entity_id = e.merchant_id
    left join windows.sibling_totals as h
        on w.entity_id = h.merchant_id and w.as_of = h.as_of
    left join windows.leak_totals as l
        on w.entity_id = l.merchant_id and w.as_of = l.as_of
    left join windows.counterfeit_totals as f
        on
            w.entity_type = f.entity_type
            and w.entity_id = f.entity_id
            and w.as_of = f.as_of
    left join windows.bank_takeovers as b
        on
            w.entity_type = b.entity_type
            and w.entity_id = b.entity_id
            and w.as_of = b.as_of
    left join windows.suspect_listings as u
        on w.entity_id = u.merchant_id and w.as_of = u.as_of
    where w.entity_type = 'merchant'
)

select * from final
