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
    from facts.order_facts
    group by day, merchant_id
),

days as (
    select
        day,
        entity_id
    from days.order_days
    where entity_type = 'merchant'
    union
    select
        day,
        entity_id
    from days.refund_days
    where entity_type = 'merchant'
    union
    select
        day,
        entity_id
    from days.review_days
    where entity_type = 'merchant'
    union
    select
        day,
        entity_id
    from days.delivery_days
    where entity_type = 'merchant'
),

final as (
    select
        e.day,
        e.entity_id as merchant_id,
        cast(coalesce(o.orders, 0) as bigint) as orders,
        coalesce(cast(o.gmv_usd as double), 0.0) as gmv_usd,
        cast(coalesce(b.buyers, 0) as bigint) as buyers,
        cast(coalesce(r.refunds, 0) as bigint) as refunds,
        cast(coalesce(o.voucher_orders, 0) as bigint) as voucher_orders,
        cast(coalesce(o.crowded_device_orders, 0) as bigint)
            as crowded_device_orders,
        cast(coalesce(v.reviews, 0) as bigint) as ratings,
        cast(coalesce(v.five_stars, 0) as bigint) as five_star_ratings,
        cast(coalesce(d.late_dispatches, 0) as bigint) as late_dispatches,
        cast(coalesce(d.deliveries, 0) as bigint) as deliveries,
        cast(coalesce(d.light_parcels, 0) as bigint) as light_parcels
    from days as e
    left join days.order_days as o
        on
            o.entity_type = 'merchant'
            and e.entity_id = o.entity_id
            and e.day = o.day
    left join days.refund_days as r
        on
            r.entity_type = 'merchant'
            and e.entity_id = r.entity_id
            and e.day = r.day
    left join days.review_days as v
        on
            v.entity_type = 'merchant'
            and e.entity_id = v.entity_id
            and e.day = v.day
    left join days.delivery_days as d
        on
            d.entity_type = 'merchant'
            and e.entity_id = d.entity_id
            and e.day = d.day
    left join buyers as b on e.day = b.day and e.entity_id = b.merchant_id
)

select * from final
