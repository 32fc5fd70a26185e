-- What happened to one shop on each day.
--
-- grain:   day, merchant_id
-- params:  none
-- returns: day                     date
--          merchant_id             varchar
--          orders                  bigint
--          gmv_usd                 double   USD paid
--          buyers                  bigint   distinct buyers of the day
--          refunds                 bigint   requests
--          voucher_orders          bigint
--          crowded_device_orders   bigint   devices with 3+ accounts
--          ratings                 bigint
--          five_star_ratings       bigint
--          late_dispatches         bigint   of the parcels delivered
--          deliveries              bigint   parcels
--          light_parcels           bigint   under half the declared weight
with buyers as (
    select
        day,
        merchant_id,
        count(distinct buyer_id) as buyers
    from features.order_facts
    group by day, merchant_id
),

described as (
    select
        e.day,
        e.entity_id as merchant_id,
        e.orders,
        e.gmv_usd,
        coalesce(b.buyers, 0) as buyers,
        e.refunds,
        e.voucher_orders,
        e.crowded_device_orders,
        e.reviews as ratings,
        e.five_stars as five_star_ratings,
        e.late_dispatches,
        e.deliveries,
        e.light_parcels
    from features.entity_days as e
    left join buyers as b on e.day = b.day and e.entity_id = b.merchant_id
    where
        e.entity_type = 'merchant'
        and e.orders + e.refunds + e.reviews + e.deliveries > 0
)

select * from described
