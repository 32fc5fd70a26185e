-- What happened to one listing on each day.
--
-- grain:   day, product_id
-- params:  none
-- returns: day                     date
--          product_id              varchar
--          orders                  bigint
--          gmv_usd                 double   USD paid
--          buyers                  bigint   distinct buyers of the day
--          refunds                 bigint   requests
--          ratings                 bigint
--          five_star_ratings       bigint
with buyers as (
    select
        day,
        product_id,
        count(distinct buyer_id) as buyers
    from facts.order_facts
    group by day, product_id
),

days as (
    select
        day,
        entity_id
    from days.order_days
    where entity_type = 'product'
    union
    select
        day,
        entity_id
    from days.refund_days
    where entity_type = 'product'
    union
    select
        day,
        entity_id
    from days.review_days
    where entity_type = 'product'
    union
    select
        day,
        entity_id
    from days.delivery_days
    where entity_type = 'product'
),

final as (
    select
        e.day,
        e.entity_id as product_id,
        cast(coalesce(o.orders, 0) as bigint) as orders,
        coalesce(cast(o.gmv_usd as double), 0.0) as gmv_usd,
        cast(coalesce(b.buyers, 0) as bigint) as buyers,
        cast(coalesce(r.refunds, 0) as bigint) as refunds,
        cast(coalesce(v.reviews, 0) as bigint) as ratings,
        cast(coalesce(v.five_stars, 0) as bigint) as five_star_ratings
    from days as e
    left join days.order_days as o
        on
            o.entity_type = 'product'
            and e.entity_id = o.entity_id
            and e.day = o.day
    left join days.refund_days as r
        on
            r.entity_type = 'product'
            and e.entity_id = r.entity_id
            and e.day = r.day
    left join days.review_days as v
        on
            v.entity_type = 'product'
            and e.entity_id = v.entity_id
            and e.day = v.day
    left join buyers as b on e.day = b.day and e.entity_id = b.product_id
)

select * from final
