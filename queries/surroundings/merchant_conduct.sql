-- What each shop is like to those who look at it from outside, by snapshot.
--
-- Narrow on purpose: every order of every buyer looks its shop up here.
--
-- grain:   merchant_id, as_of
-- params:  none
-- returns: merchant_id     varchar
--          as_of           date
--          orders_30d      double        orders placed
--          device_log_30d  decimal(9,6)  mean ln(accounts on a buyer's device),
--                                        5 orders or more
--          light_30d       decimal(9,6)  share of parcels under half the weight,
--                                        5 deliveries or more
with final as (
    select
        w.entity_id as merchant_id,
        w.as_of,
        w.orders_30d,
        enough(
            cast(k.device_log_30d as decimal(9, 6)),
            w.orders_30d,
            least_orders()
        ) as device_log_30d,
        cast(
            rate(w.light_parcels_30d, w.deliveries_30d, least_deliveries())
            as decimal(9, 6)
        ) as light_30d
    from windows.entity_windows as w
    left join windows.buyer_mix as k
        on
            k.entity_type = 'merchant'
            and w.entity_id = k.entity_id
            and w.as_of = k.as_of
    where w.entity_type = 'merchant'
)

select * from final
