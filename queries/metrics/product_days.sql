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
    from features.order_facts
    group by day, product_id
),

described as (
    select
        e.day,
        e.entity_id as product_id,
        e.orders,
        e.gmv_usd,
        coalesce(b.buyers, 0) as buyers,
        e.refunds,
        e.reviews as ratings,
        e.five_stars as five_star_ratings
    from features.entity_days as e
    left join buyers as b on e.day = b.day and e.entity_id = b.product_id
    where
        e.entity_type = 'product'
        and e.orders + e.refunds + e.reviews + e.deliveries > 0
)

select * from described
