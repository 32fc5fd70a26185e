-- Each review with whose order it was and how soon it came.
--
-- grain:   review_id
-- params:  none
-- returns: review_id             varchar
--          order_id              varchar
--          buyer_id              varchar
--          merchant_id           varchar
--          product_id            varchar
--          creator_id            varchar
--          created_at            timestamp
--          day                   date
--          rating                bigint     stars
--          body                  varchar
--          hours_after_delivery  double     hours
--          is_five_star          integer    1 when 5 stars
--          is_low_star           integer    1 when 1 or 2 stars
--          is_fast               integer    1 when within 48 h of delivery
with final as (
    select
        r.review_id,
        r.order_id,
        o.buyer_id,
        o.merchant_id,
        o.product_id,
        o.creator_id,
        r.created_at,
        r.day,
        r.rating,
        r.body,
        case
            when s.delivered_at <= r.created_at
                then date_diff('minute', s.delivered_at, r.created_at) / 60.0
        end as hours_after_delivery,
        case when r.rating = 5 then 1 else 0 end as is_five_star,
        case when r.rating <= 2 then 1 else 0 end as is_low_star,
        case
            when
                r.created_at >= s.delivered_at
                and r.created_at < s.delivered_at + interval 48 hour then 1
            else 0
        end as is_fast
    from staging.reviews as r
    inner join staging.orders as o on r.order_id = o.order_id
    left join staging.shipments as s on r.order_id = s.order_id
    where not o.is_sample
)

select * from final
