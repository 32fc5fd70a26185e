-- How each listing differs from the other listings of its shop, by snapshot.
--
-- The listing itself is left out of what it is compared with: the rest of the shop is
-- the shop less the listing. Prices are those listed first. The buyers of the rest are
-- the second hop.
--
-- grain:   product_id, as_of
-- params:  none
-- returns: product_id           varchar
--          as_of                date
--          mates                double   other listings of its shop, removed or not
--          price_log_over       double   its ln(USD) less the mean of the others
--          price_log_sd         double   sd of ln(USD) of the others; two or more
--          price_to_dearest     double   0..1: its price to the dearest of all
--          orders_log_30d       double   ln(1 + orders of the others)
--          device_log_30d       double   mean ln(accounts on a buyer's device) of
--                                        the others, 5 orders or more
--          bad_mates            double   of the others, last verdict bad
--          base_rate            double   share of all listings confirmed bad
with placed as (
    select
        d.described_id,
        d.entity_id as product_id,
        d.as_of,
        p.merchant_id,
        cast(ln(p.price_usd) as decimal(18, 9)) as price_log
    from features.described as d
    inner join staging.products as p
        on d.entity_type = 'product' and d.entity_id = p.product_id
    where p.price_usd > 0.0
),

priced as (
    select
        p.described_id,
        cast(s.listings - 1 as double) as mates,
        cast(p.price_log as double) as price_log,
        cast(s.log_sum - p.price_log as double) as log_sum,
        cast(s.log_squares - p.price_log * p.price_log as double)
            as log_squares,
        exp(cast(p.price_log - s.log_max as double)) as price_to_dearest
    from placed as p
    inner join features.shelf_prices as s
        on
            p.merchant_id = s.merchant_id
            and p.as_of > s.day
            and (s.next_day is null or p.as_of <= s.next_day)
),

-- What the shop sold less what the listing did.
sold as (
    select
        p.described_id,
        m.orders_30d - o.orders_30d as orders_30d,
        case
            when m.orders_30d - o.orders_30d >= 5.0
                then
                    greatest(
                        k.device_log_30d * m.orders_30d
                        - coalesce(c.device_log_30d, 0.0) * o.orders_30d,
                        0.0
                    ) / (m.orders_30d - o.orders_30d)
        end as device_log_30d
    from placed as p
    inner join features.entity_windows as m
        on
            m.entity_type = 'merchant'
            and p.merchant_id = m.entity_id
            and p.as_of = m.as_of
    inner join features.entity_windows as o
        on
            o.entity_type = 'product'
            and p.product_id = o.entity_id
            and p.as_of = o.as_of
    left join features.clientele as k
        on
            k.entity_type = 'merchant'
            and p.merchant_id = k.entity_id
            and p.as_of = k.as_of
    left join features.clientele as c
        on
            c.entity_type = 'product'
            and p.product_id = c.entity_id
            and p.as_of = c.as_of
),

convicted as (
    select
        v.entity_id as product_id,
        p.merchant_id,
        d.as_of
    from features.verdicts as v
    inner join staging.products as p on v.entity_id = p.product_id
    inner join features.snapshots as d
        on
            d.entity_type = 'product'
            and v.known_day < d.as_of
            and (v.replaced_day is null or v.replaced_day >= d.as_of)
    where v.entity_type = 'product' and v.label = 'bad'
),

confirmed as (
    select
        merchant_id,
        as_of,
        cast(count(*) as double) as listings
    from convicted
    group by merchant_id, as_of
),

described as (
    select
        p.product_id,
        p.as_of,
        q.mates,
        q.price_log - q.log_sum / nullif(q.mates, 0.0) as price_log_over,
        sqrt(
            greatest(
                q.log_squares - q.log_sum * q.log_sum / nullif(q.mates, 0.0),
                0.0
            ) / nullif(greatest(q.mates - 1.0, 0.0), 0.0)
        ) as price_log_sd,
        case when q.mates > 0.0 then q.price_to_dearest end as price_to_dearest,
        ln(1.0 + s.orders_30d) as orders_log_30d,
        s.device_log_30d,
        coalesce(c.listings, 0.0)
        - case when v.product_id is null then 0.0 else 1.0 end as bad_mates,
        r.base_rate
    from placed as p
    inner join priced as q on p.described_id = q.described_id
    inner join sold as s on p.described_id = s.described_id
    inner join features.base_rates as r
        on r.entity_type = 'product' and p.as_of = r.as_of
    left join confirmed as c
        on p.merchant_id = c.merchant_id and p.as_of = c.as_of
    left join convicted as v
        on p.product_id = v.product_id and p.as_of = v.as_of
)

select * from described
