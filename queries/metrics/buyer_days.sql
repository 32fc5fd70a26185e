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
with described as (
    select
        e.day,
        e.entity_id as buyer_id,
        e.orders,
        e.gmv_usd as spend_usd,
        e.refunds,
        e.voucher_usd
    from features.entity_days as e
    where
        e.entity_type = 'buyer'
        and e.orders + e.refunds > 0
)

select * from described
