-- What is usual among the peers of an entity, once for each group and snapshot.
--
-- A group is a category, an age band and a market. Wider ones stand in where too few
-- are left: all markets, then all categories too. The spread is robust: the interquartile range /
-- 1.349, which is the sd of a normal distribution, and never less than one order, a
-- twentieth of the median amount or two percentage points: less is chance. Of
-- listings and buyers a sample is asked: who is observed was chosen for being odd.
--
-- grain:   entity_type, as_of, category, age_band, market
-- params:  none
-- returns: entity_type                  varchar  merchant, creator, product, buyer
--          as_of                        date
--          category                     varchar  all for buyers
--          age_band                     varchar
--          market                       varchar  all in the wider groups
--          orders_peers                 bigint   entities with a value
--          orders_median                double   count
--          orders_spread                double   count
--          average_order_usd_peers      bigint   entities with a value
--          average_order_usd_median     double   USD
--          average_order_usd_spread     double   USD
--          voucher_share_peers          bigint   entities with a value
--          voucher_share_median         double   share
--          voucher_share_spread         double   share
--          crowded_device_share_peers   bigint   entities with a value
--          crowded_device_share_median  double   share
--          crowded_device_share_spread  double   share
--          fast_review_share_peers      bigint   entities with a value
--          fast_review_share_median     double   share
--          fast_review_share_spread     double   share
--          refund_rate_peers            bigint   entities with a value
--          refund_rate_median           double   share
--          refund_rate_spread           double   share
with widths as (
    select unnest(range(0, 3)) as width
),

-- As one is, without the market, by age alone. Buyers have no category to widen from.
memberships as (
    select
        v.entity_type,
        v.as_of,
        v.age_band,
        v.orders,
        v.average_order_usd,
        v.voucher_share,
        v.crowded_device_share,
        v.fast_review_share,
        v.refund_rate,
        case when w.width = 2 then 'all' else v.category end as category,
        case when w.width > 0 then 'all' else v.market end as market
    from surroundings.peer_values as v
    cross join widths as w
    where v.is_peer and (w.width <> 1 or v.entity_type <> 'buyer')
),

groups as (
    select
        entity_type,
        as_of,
        category,
        age_band,
        market,
        count(orders) as orders_peers,
        quantile_cont(orders, [0.25, 0.5, 0.75])
            as orders_quartiles,
        count(average_order_usd) as average_order_usd_peers,
        quantile_cont(average_order_usd, [0.25, 0.5, 0.75])
            as average_order_usd_quartiles,
        count(voucher_share) as voucher_share_peers,
        quantile_cont(voucher_share, [0.25, 0.5, 0.75])
            as voucher_share_quartiles,
        count(crowded_device_share) as crowded_device_share_peers,
        quantile_cont(crowded_device_share, [0.25, 0.5, 0.75])
            as crowded_device_share_quartiles,
        count(fast_review_share) as fast_review_share_peers,
        quantile_cont(fast_review_share, [0.25, 0.5, 0.75])
            as fast_review_share_quartiles,
        count(refund_rate) as refund_rate_peers,
        quantile_cont(refund_rate, [0.25, 0.5, 0.75])
            as refund_rate_quartiles
    from memberships
    group by entity_type, as_of, category, age_band, market
),

final as (
    select
        entity_type,
        as_of,
        category,
        age_band,
        market,
        orders_peers,
        orders_quartiles[2] as orders_median,
        greatest(
            (orders_quartiles[3] - orders_quartiles[1]) / 1.349,
            1.0
        ) as orders_spread,
        average_order_usd_peers,
        average_order_usd_quartiles[2] as average_order_usd_median,
        greatest(
            (average_order_usd_quartiles[3] - average_order_usd_quartiles[1])
            / 1.349,
            0.05 * average_order_usd_quartiles[2]
        ) as average_order_usd_spread,
        voucher_share_peers,
        voucher_share_quartiles[2] as voucher_share_median,
        greatest(
            (voucher_share_quartiles[3] - voucher_share_quartiles[1])
            / 1.349,
            0.02
        ) as voucher_share_spread,
        crowded_device_share_peers,
        crowded_device_share_quartiles[2] as crowded_device_share_median,
        greatest(
            (
                crowded_device_share_quartiles[3]
                - crowded_device_share_quartiles[1]
            )
            / 1.349,
            0.02
        ) as crowded_device_share_spread,
        fast_review_share_peers,
        fast_review_share_quartiles[2] as fast_review_share_median,
        greatest(
            (fast_review_share_quartiles[3] - fast_review_share_quartiles[1])
            / 1.349,
            0.02
        ) as fast_review_share_spread,
        refund_rate_peers,
        refund_rate_quartiles[2] as refund_rate_median,
        greatest(
            (refund_rate_quartiles[3] - refund_rate_quartiles[1]) / 1.349,
            0.02
        ) as refund_rate_spread
    from groups
)

select * from final
