-- What happened to one buyer on each local day of its orders' market.
--
-- grain:   day, buyer_id
-- params:  none
-- returns: day                     date     local
--          buyer_id                varchar
--          orders                  bigint   placed on the day
--          spend_usd               double   USD paid
--          refunds                 bigint   requests made on the day
--          refunded_orders         bigint   of the day's orders: asked back
--                                           within refund_days
--          voucher_usd             double   USD of discount
with final as (
    select
        day,
        buyer_id,
        count(*) filter (where event = 'order') as orders,
        number(sum(amount_usd) filter (where event = 'order')) as spend_usd,
        count(*) filter (where event = 'refund') as refunds,
        cast(sum(is_refunded) as bigint) as refunded_orders,
        number(sum(voucher_usd)) as voucher_usd
    from metrics.order_events
    where buyer_id is not null
    group by day, buyer_id
)

select * from final
-- Those of one lie together, for pages that read one.
order by buyer_id asc nulls last, day asc nulls last
