-- What happened to one shop on each local day of its orders' market.
--
-- grain:   day, merchant_id
-- params:  none
-- returns: day                     date     local
--          merchant_id             varchar
--          orders                  bigint   placed on the day
--          gmv_usd                 double   USD paid
--          buyers                  bigint   distinct buyers of the day
--          refunds                 bigint   requests made on the day
--          refunded_orders         bigint   of the day's orders: asked back
--                                           within refund_days
--          not_received_orders     bigint   of these: as not received
--          voucher_usd             double   USD of discount
--          voucher_orders          bigint
--          young_account_orders    bigint   accounts under 7 days old
--          crowded_device_orders   bigint   devices with 3+ accounts
--          ratings                 bigint
--          five_star_ratings       bigint
--          low_ratings             bigint   1 and 2 stars
--          late_dispatches         bigint   of the parcels delivered
--          deliveries              bigint   parcels
--          light_parcels           bigint   under half the declared weight
with final as (
    select
        day,
        merchant_id,
        count(*) filter (where event = 'order') as orders,
        number(sum(amount_usd) filter (where event = 'order')) as gmv_usd,
        count(distinct buyer_id) filter (where event = 'order') as buyers,
        count(*) filter (where event = 'refund') as refunds,
        cast(sum(is_refunded) as bigint) as refunded_orders,
        cast(sum(is_not_received) as bigint) as not_received_orders,
        number(sum(voucher_usd)) as voucher_usd,
        cast(sum(is_voucher) as bigint) as voucher_orders,
        cast(sum(is_young_account) as bigint) as young_account_orders,
        cast(sum(is_crowded_device) as bigint) as crowded_device_orders,
        count(rating) as ratings,
        count(*) filter (where rating = 5) as five_star_ratings,
        count(*) filter (where rating <= 2) as low_ratings,
        cast(sum(is_late_dispatch) as bigint) as late_dispatches,
        count(*) filter (where event = 'parcel') as deliveries,
        cast(sum(is_light) as bigint) as light_parcels
    from metrics.order_events
    group by day, merchant_id
)

select * from final
-- Those of one lie together, for pages that read one.
order by merchant_id asc nulls last, day asc nulls last
