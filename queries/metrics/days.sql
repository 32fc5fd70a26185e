-- The marketplace by local day and leaf slice: sums that add up to any total.
--
-- Everything counts on the local day it happened in the shop's market; a rate is a
-- ratio of two sums. Free samples are left out, and orders that were never paid.
--
-- grain:   day, market, category, channel
-- params:  none
-- returns: day                     date     local to the market
--          market                  varchar  of the shop
--          category                varchar  of the listing
--          channel                 varchar  live, video, affiliate, shop_tab
--          orders                  bigint   placed on the day
--          gmv_usd                 double   USD paid
--          refunds                 bigint   requests made on the day
--          refund_usd              double   USD requested on the day
--          refunded_orders         bigint   of the day's orders: asked back
--                                           within refund_days
--          not_received_orders     bigint   of these: as not received
--          voucher_usd             double   USD of discount
--          young_account_orders    bigint   accounts under 7 days old
--          crowded_device_orders   bigint   devices with 3+ accounts
--          delivered               bigint   parcels
--          late_dispatches         bigint   of the parcels delivered
--          low_ratings             bigint   1 and 2 stars
--          ratings                 bigint
with final as (
    select
        day,
        market,
        category,
        channel,
        count(*) filter (where event = 'order') as orders,
        number(sum(amount_usd) filter (where event = 'order')) as gmv_usd,
        count(*) filter (where event = 'refund') as refunds,
        number(sum(amount_usd) filter (where event = 'refund')) as refund_usd,
        cast(sum(is_refunded) as bigint) as refunded_orders,
        cast(sum(is_not_received) as bigint) as not_received_orders,
        number(sum(voucher_usd)) as voucher_usd,
        cast(sum(is_young_account) as bigint) as young_account_orders,
        cast(sum(is_crowded_device) as bigint) as crowded_device_orders,
        count(*) filter (where event = 'parcel') as delivered,
        cast(sum(is_late_dispatch) as bigint) as late_dispatches,
        count(*) filter (where rating <= 2) as low_ratings,
        count(rating) as ratings
    from metrics.order_events
    group by day, market, category, channel
)

select * from final
