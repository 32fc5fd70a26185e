-- How each listing is priced, edited and complained of, by snapshot.
--
-- What only a listing has; what it has in common with shops and creators is in
-- windows.seller_rates.
--
-- grain:   product_id, as_of
-- params:  none
-- returns: product_id                     varchar
--          as_of                          date     only days before it count
--          price_to_category              double   ratio: price against the category
--          confirmed_bad_order_share_90d  double   share 0..1: orders by confirmed bad buyers, 90 days
--          account_age_days               double   days: account age
--          complaint_rate_90d             double   ratio: complaints about parcel or goods, per order, 90 days
--          repeated_review_share_90d      double   share 0..1: reviews in words used before, 90 days
--          price_to_first                 double   ratio: price against its own first version
--          price_to_brand                 double   ratio: price against the brand's median
--          is_turned                      double   0 or 1: in another category than first
--          edits_30d                      double   count: new versions but sale prices, 30 days
--          gone_image_products            double   count: gone listings that showed its picture
--          is_misspelt_brand              double   0 or 1: named nearly like a brand
--          counterfeit_rate_90d           double   ratio: reports of fakes per order, 90 days

-- Of every active listing, observed or not: those observed are no fair sample.
with active_listings as (
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
        a.as_of,
        median(p.price_usd) as median_price_usd
    from active_listings as a
    inner join staging.products as p on a.entity_id = p.product_id
    group by p.category, a.as_of
),

final as (
    select
        s.entity_id as product_id,
        s.as_of,
        case
            when c.median_price_usd > 0.0 then p.price_usd / c.median_price_usd
        end as price_to_category,
        s.confirmed_bad_order_share_90d,
        age_days(p.listed_at, s.as_of) as account_age_days,
        s.complaint_rate_90d,
        s.repeated_review_share_90d,
        coalesce(l.price_usd / nullif(l.first_price_usd, 0.0), 1.0)
            as price_to_first,
        case
            when b.listings >= 5 and b.median_price_usd > 0.0
                then coalesce(l.price_usd, p.price_usd) / b.median_price_usd
        end as price_to_brand,
        coalesce(l.is_turned, 0.0) as is_turned,
        coalesce(l.edits_30d, 0.0) as edits_30d,
        coalesce(l.gone_image_products, 0.0) as gone_image_products,
        coalesce(l.is_misspelt, 0.0) as is_misspelt_brand,
        coalesce(f.counterfeit_rate_90d, 0.0) as counterfeit_rate_90d
    from windows.seller_rates as s
    left join staging.products as p on s.entity_id = p.product_id
    left join category_prices as c
        on p.category = c.category and s.as_of = c.as_of
    left join windows.brand_prices as b
        on p.brand = b.brand and s.as_of = b.as_of
    left join windows.listing_states as l
        on s.entity_id = l.product_id and s.as_of = l.as_of
    left join windows.counterfeit_totals as f
        on
            s.entity_type = f.entity_type
            and s.entity_id = f.entity_id
            and s.as_of = f.as_of
    where s.entity_type = 'product'
)

select * from final
