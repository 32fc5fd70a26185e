-- What happened to one listing on each local day of its orders' market.
--
-- grain:   day, product_id
-- params:  none
-- returns: day                     date     local
--          product_id              varchar
--          orders                  bigint   placed on the day
--          gmv_usd                 double   USD paid
--          buyers                  bigint   distinct buyers of the day
--          refunds                 bigint   requests made on the day
--          refunded_orders         bigint   of the day's orders: asked back
--                                           within refund_days
--          ratings                 bigint
--          five_star_ratings       bigint
with final as (
    select
        day,
        product_id,
        count(*) filter (where event = 'order') as orders,
        number(sum(amount_usd) filter (where event = 'order')) as gmv_usd,
        count(distinct buyer_id) filter (where event = 'order') as buyers,
        count(*) filter (where event = 'refund') as refunds,
        cast(sum(is_refunded) as bigint) as refunded_orders,
        count(rating) as ratings,
        count(*) filter (where rating = 5) as five_star_ratings
    from metrics.order_events
    group by day, product_id
)

select * from final
-- Those of one lie together, for pages that read one.
order by product_id asc nulls last, day asc nulls last
