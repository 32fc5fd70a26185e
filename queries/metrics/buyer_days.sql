-- What happened to one buyer on each day.
--
-- grain:   day, buyer_id
-- params:  none
-- returns: day                     date
--          buyer_id                varchar
--          orders                  bigint
--          spend_usd               double   USD paid
--          refunds                 bigint   requests
--          voucher_usd             double   USD of discount
with events as (
    select
        day,
        buyer_id,
        1 as orders,
        cast(paid_usd as decimal(18, 6)) as spend_usd,
        0 as refunds,
        cast(voucher_usd as decimal(18, 6)) as voucher_usd
    from facts.order_facts
    union all
    select
        day,
        buyer_id,
        0 as orders,
        cast(0 as decimal(18, 6)) as spend_usd,
        1 as refunds,
        cast(0 as decimal(18, 6)) as voucher_usd
    from facts.refund_facts
),

final as (
    select
        day,
        buyer_id,
        cast(sum(orders) as bigint) as orders,
        cast(sum(spend_usd) as double) as spend_usd,
        cast(sum(refunds) as bigint) as refunds,
        cast(sum(voucher_usd) as double) as voucher_usd
    from events
    group by day, buyer_id
)

select * from final
