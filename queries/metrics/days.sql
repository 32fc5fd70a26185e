-- The marketplace by day and leaf slice: sums that add up to any total.
--
-- Everything counts on the day it happened; a rate is a ratio of two sums. Free
-- samples are left out.
--
-- grain:   day, market, category, channel
-- params:  none
-- returns: day                     date
--          market                  varchar  of the shop
--          category                varchar  of the listing
--          channel                 varchar  live, video, affiliate, shop_tab
--          orders                  bigint
--          gmv_usd                 double   USD paid
--          refunds                 bigint   requests
--          refund_usd              double   USD requested
--          voucher_usd             double   USD of discount
--          young_account_orders    bigint   accounts under 7 days old
--          crowded_device_orders   bigint   devices with 3+ accounts
--          delivered               bigint   parcels
--          late_dispatches         bigint   of the parcels delivered
--          not_received            bigint   claims
--          low_ratings             bigint   1 and 2 stars
--          ratings                 bigint
with slices as (
    select
        o.order_id,
        m.market,
        p.category,
        o.channel
    from facts.order_facts as o
    inner join staging.merchants as m on o.merchant_id = m.merchant_id
    inner join staging.products as p on o.product_id = p.product_id
),

events as (
    select
        order_id,
        day,
        1 as orders,
        paid_usd as gmv_usd,
        0 as refunds,
        0.0 as refund_usd,
        voucher_usd,
        is_young_account as young_account_orders,
        is_crowded_device as crowded_device_orders,
        0 as delivered,
        0 as late_dispatches,
        0 as not_received,
        0 as low_ratings,
        0 as ratings
    from facts.order_facts
    union all
    select
        order_id,
        day,
        0 as orders,
        0.0 as gmv_usd,
        1 as refunds,
        amount_usd as refund_usd,
        0.0 as voucher_usd,
        0 as young_account_orders,
        0 as crowded_device_orders,
        0 as delivered,
        0 as late_dispatches,
        is_not_received as not_received,
        0 as low_ratings,
        0 as ratings
    from facts.refund_facts
    union all
    select
        order_id,
        day,
        0 as orders,
        0.0 as gmv_usd,
        0 as refunds,
        0.0 as refund_usd,
        0.0 as voucher_usd,
        0 as young_account_orders,
        0 as crowded_device_orders,
        1 as delivered,
        is_late_dispatch as late_dispatches,
        0 as not_received,
        0 as low_ratings,
        0 as ratings
    from facts.delivery_facts
    union all
    select
        order_id,
        day,
        0 as orders,
        0.0 as gmv_usd,
        0 as refunds,
        0.0 as refund_usd,
        0.0 as voucher_usd,
        0 as young_account_orders,
        0 as crowded_device_orders,
        0 as delivered,
        0 as late_dispatches,
        0 as not_received,
        is_low_star as low_ratings,
        1 as ratings
    from facts.review_facts
),

final as (
    select
        e.day,
        s.market,
        s.category,
        s.channel,
        cast(sum(e.orders) as bigint) as orders,
        cast(sum(cast(e.gmv_usd as decimal(18, 6))) as double) as gmv_usd,
        cast(sum(e.refunds) as bigint) as refunds,
        cast(sum(cast(e.refund_usd as decimal(18, 6))) as double) as refund_usd,
        cast(sum(cast(e.voucher_usd as decimal(18, 6))) as double)
            as voucher_usd,
        cast(sum(e.young_account_orders) as bigint) as young_account_orders,
        cast(sum(e.crowded_device_orders) as bigint) as crowded_device_orders,
        cast(sum(e.delivered) as bigint) as delivered,
        cast(sum(e.late_dispatches) as bigint) as late_dispatches,
        cast(sum(e.not_received) as bigint) as not_received,
        cast(sum(e.low_ratings) as bigint) as low_ratings,
        cast(sum(e.ratings) as bigint) as ratings
    from events as e
    inner join slices as s on e.order_id = s.order_id
    group by e.day, s.market, s.category, s.channel
)

select * from final
