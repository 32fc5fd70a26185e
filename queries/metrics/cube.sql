-- The marketplace by local day and leaf slice: sums that add up to any total.
--
-- Orders count on the local day they were placed, with what became of them by a fixed age
-- (metrics.order_outcomes); a rate is a ratio of two of these sums. No distinct counts: they
-- do not add up.
--
-- grain:   day, market, category, channel, merchant_tier, buyer_age, payment_method,
--          creator_tier
-- params:  none
-- returns: day                        date     local to the market
--          market                     varchar  of the shop
--          category                   varchar  of the listing
--          channel                    varchar  live, video, affiliate, shop_tab
--          merchant_tier              varchar  new, small, medium, large
--          buyer_age                  varchar  of the account, in bands
--          payment_method             varchar  as delivered, or unknown
--          creator_tier               varchar  by followers; none without creator
--          orders                     bigint
--          gmv_usd                    decimal(38,6)  USD paid
--          voucher_usd                decimal(38,6)  USD of discount
--          commission_usd             decimal(38,6)  USD promised to creators
--          bad_gmv_30d_usd            decimal(38,6)  USD of bad_orders_30d
--          voucher_orders             bigint   with a voucher
--          new_buyer_voucher_orders   bigint   with one for new buyers
--          young_account_orders       bigint   of accounts under 7 days old
--          crowded_device_orders      bigint   on devices with 3+ accounts
--          fast_payment_orders        bigint   paid within 60 seconds
--          late_dispatch_orders       bigint   no parcel within 48 hours
--          undispatched_orders        bigint   no parcel within 7 days
--          delivered_orders           bigint   within 30 days
--          low_rated_orders           bigint   1 or 2 stars within 30 days
--          refunded_orders            bigint   asked back within refund_days
--          not_received_orders        bigint   as not received, same span
--          small_orders               bigint   of small_order_usd at most
--          small_refunded_orders      bigint   and asked back, same span
--          disputed_orders            bigint   contested at a bank, 60 days
--          bad_orders_7d              bigint   known bad at 7 days
--          bad_orders_30d             bigint   known bad at 30 days
--          bad_orders_60d             bigint   known bad at 60 days
with final as (
    select
        day,
        market,
        category,
        channel,
        merchant_tier,
        buyer_age,
        payment_method,
        creator_tier,
        cast(sum(orders) as bigint) as orders,
        cast(sum(gmv_usd) as decimal(38, 6)) as gmv_usd,
        cast(sum(voucher_usd) as decimal(38, 6)) as voucher_usd,
        cast(sum(commission_usd) as decimal(38, 6)) as commission_usd,
        cast(sum(bad_gmv_30d_usd) as decimal(38, 6)) as bad_gmv_30d_usd,
        cast(sum(voucher_orders) as bigint) as voucher_orders,
        cast(sum(new_buyer_voucher_orders) as bigint)
            as new_buyer_voucher_orders,
        cast(sum(young_account_orders) as bigint) as young_account_orders,
        cast(sum(crowded_device_orders) as bigint) as crowded_device_orders,
        cast(sum(fast_payment_orders) as bigint) as fast_payment_orders,
        cast(sum(late_dispatch_orders) as bigint) as late_dispatch_orders,
        cast(sum(undispatched_orders) as bigint) as undispatched_orders,
        cast(sum(delivered_orders) as bigint) as delivered_orders,
        cast(sum(low_rated_orders) as bigint) as low_rated_orders,
        cast(sum(refunded_orders) as bigint) as refunded_orders,
        cast(sum(not_received_orders) as bigint) as not_received_orders,
        cast(sum(small_orders) as bigint) as small_orders,
        cast(sum(small_refunded_orders) as bigint) as small_refunded_orders,
        cast(sum(disputed_orders) as bigint) as disputed_orders,
        cast(sum(bad_orders_7d) as bigint) as bad_orders_7d,
        cast(sum(bad_orders_30d) as bigint) as bad_orders_30d,
        cast(sum(bad_orders_60d) as bigint) as bad_orders_60d
    from metrics.order_outcomes
    group by
        day,
        market,
        category,
        channel,
        merchant_tier,
        buyer_age,
        payment_method,
        creator_tier
)

select * from final
