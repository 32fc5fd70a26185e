-- How far each entity lies off its peers, in robust standard deviations.
--
-- (value - median of the peers) / spread of the peers, against the narrowest group with
-- at least 20 values: category, age band and market, else category and age band, else
-- age band, else unknown.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type                  varchar  merchant, creator, product, buyer
--          entity_id                    varchar
--          as_of                        date     only days before it count
--          orders_peer_z                double   robust sds
--          average_order_usd_peer_z     double   robust sds
--          voucher_share_peer_z         double   robust sds
--          crowded_device_share_peer_z  double   robust sds
--          fast_review_share_peer_z     double   robust sds
--          refund_rate_peer_z           double   robust sds
with final as (
    select
        v.entity_type,
        v.entity_id,
        v.as_of,
        case
            when n.orders_peers >= least_peers()
                then
                    (v.orders - n.orders_median)
                    / n.orders_spread
            when w.orders_peers >= least_peers()
                then
                    (v.orders - w.orders_median)
                    / w.orders_spread
            when a.orders_peers >= least_peers()
                then
                    (v.orders - a.orders_median)
                    / a.orders_spread
        end as orders_peer_z,
        case
            when n.average_order_usd_peers >= least_peers()
                then
                    (v.average_order_usd - n.average_order_usd_median)
                    / nullif(n.average_order_usd_spread, 0.0)
            when w.average_order_usd_peers >= least_peers()
                then
                    (v.average_order_usd - w.average_order_usd_median)
                    / nullif(w.average_order_usd_spread, 0.0)
            when a.average_order_usd_peers >= least_peers()
                then
                    (v.average_order_usd - a.average_order_usd_median)
                    / nullif(a.average_order_usd_spread, 0.0)
        end as average_order_usd_peer_z,
        case
            when n.voucher_share_peers >= least_peers()
                then
                    (v.voucher_share - n.voucher_share_median)
                    / n.voucher_share_spread
            when w.voucher_share_peers >= least_peers()
                then
                    (v.voucher_share - w.voucher_share_median)
                    / w.voucher_share_spread
            when a.voucher_share_peers >= least_peers()
                then
                    (v.voucher_share - a.voucher_share_median)
                    / a.voucher_share_spread
        end as voucher_share_peer_z,
        case
            when n.crowded_device_share_peers >= least_peers()
                then
                    (v.crowded_device_share - n.crowded_device_share_median)
                    / n.crowded_device_share_spread
            when w.crowded_device_share_peers >= least_peers()
                then
                    (v.crowded_device_share - w.crowded_device_share_median)
                    / w.crowded_device_share_spread
            when a.crowded_device_share_peers >= least_peers()
                then
                    (v.crowded_device_share - a.crowded_device_share_median)
                    / a.crowded_device_share_spread
        end as crowded_device_share_peer_z,
        case
            when n.fast_review_share_peers >= least_peers()
                then
                    (v.fast_review_share - n.fast_review_share_median)
                    / n.fast_review_share_spread
            when w.fast_review_share_peers >= least_peers()
                then
                    (v.fast_review_share - w.fast_review_share_median)
                    / w.fast_review_share_spread
            when a.fast_review_share_peers >= least_peers()
                then
                    (v.fast_review_share - a.fast_review_share_median)
                    / a.fast_review_share_spread
        end as fast_review_share_peer_z,
        case
            when n.refund_rate_peers >= least_peers()
                then
                    (v.refund_rate - n.refund_rate_median)
                    / n.refund_rate_spread
            when w.refund_rate_peers >= least_peers()
                then
                    (v.refund_rate - w.refund_rate_median)
                    / w.refund_rate_spread
            when a.refund_rate_peers >= least_peers()
                then
                    (v.refund_rate - a.refund_rate_median)
                    / a.refund_rate_spread
        end as refund_rate_peer_z
    from surroundings.peer_values as v
    left join surroundings.peers as n
        on
            v.entity_type = n.entity_type
            and v.as_of = n.as_of
            and v.category = n.category
            and v.age_band = n.age_band
            and v.market = n.market
    left join surroundings.peers as w
        on
            v.entity_type = w.entity_type
            and v.as_of = w.as_of
            and v.category = w.category
            and v.age_band = w.age_band
            and w.market = 'all'
    left join surroundings.peers as a
        on
            v.entity_type = a.entity_type
            and v.as_of = a.as_of
            and a.category = 'all'
            and v.age_band = a.age_band
            and a.market = 'all'
    where v.is_subject
)

select * from final
