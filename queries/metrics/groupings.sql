-- The cube by day and every grouping of at most two dimensions: what most questions ask.
--
-- Its size does not depend on the number of orders. On the way it makes seven groupings of
-- three dimensions, so chosen that any two dimensions meet in exactly one of them.
--
-- grain:   day, dimension_a, value_a, dimension_b, value_b
-- params:  none
-- returns: day                       date     local to each market
--          dimension_a               varchar  column of metrics.cube; null = total
--          value_a                   varchar
--          dimension_b               varchar  later in the alphabet; or null
--          value_b                   varchar
--          orders                    bigint
--          gmv_usd                   decimal(38,6)
--          voucher_usd               decimal(38,6)
--          commission_usd            decimal(38,6)
--          bad_gmv_30d_usd           decimal(38,6)
--          voucher_orders            bigint
--          new_buyer_voucher_orders  bigint
--          young_account_orders      bigint
--          crowded_device_orders     bigint
--          fast_payment_orders       bigint
--          late_dispatch_orders      bigint
--          undispatched_orders       bigint
--          delivered_orders          bigint
--          low_rated_orders          bigint
--          refunded_orders           bigint
--          not_received_orders       bigint
--          small_orders              bigint
--          small_refunded_orders     bigint
--          disputed_orders           bigint
--          bad_orders_7d             bigint
--          bad_orders_30d            bigint
--          bad_orders_60d            bigint
with triples as (
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
    from metrics.cube
    group by grouping sets (
        (day, market, category, channel),
        (day, market, merchant_tier, buyer_age),
        (day, market, payment_method, creator_tier),
        (day, category, merchant_tier, payment_method),
        (day, category, buyer_age, creator_tier),
        (day, channel, merchant_tier, creator_tier),
        (day, channel, buyer_age, payment_method)
    )
),

-- What each row of three dimensions counts in: its pairs, and what no other row adds.
parts as (
    select
        *,
        unnest(list_filter([
            pair_of('buyer_age', buyer_age, 'category', category),
            pair_of('buyer_age', buyer_age, 'channel', channel),
            pair_of('buyer_age', buyer_age, 'creator_tier', creator_tier),
            pair_of('buyer_age', buyer_age, 'market', market),
            pair_of('buyer_age', buyer_age, 'merchant_tier', merchant_tier),
            pair_of('buyer_age', buyer_age, 'payment_method', payment_method),
            pair_of('category', category, 'channel', channel),
            pair_of('category', category, 'creator_tier', creator_tier),
            pair_of('category', category, 'market', market),
            pair_of('category', category, 'merchant_tier', merchant_tier),
            pair_of('category', category, 'payment_method', payment_method),
            pair_of('channel', channel, 'creator_tier', creator_tier),
            pair_of('channel', channel, 'market', market),
            pair_of('channel', channel, 'merchant_tier', merchant_tier),
            pair_of('channel', channel, 'payment_method', payment_method),
            pair_of('creator_tier', creator_tier, 'market', market),
            pair_of(
                'creator_tier', creator_tier, 'merchant_tier', merchant_tier
            ),
            pair_of(
                'creator_tier', creator_tier, 'payment_method', payment_method
            ),
            pair_of('market', market, 'merchant_tier', merchant_tier),
            pair_of('market', market, 'payment_method', payment_method),
            pair_of(
                'merchant_tier', merchant_tier, 'payment_method', payment_method
            ),
            if(
                category is not null and channel is not null,
                one_dimension('market', market), null
            ),
            if(
                category is not null and channel is not null,
                one_dimension('category', category), null
            ),
            if(
                category is not null and channel is not null,
                one_dimension('channel', channel), null
            ),
            if(
                merchant_tier is not null and buyer_age is not null,
                one_dimension('merchant_tier', merchant_tier), null
            ),
            if(
                merchant_tier is not null and buyer_age is not null,
                one_dimension('buyer_age', buyer_age), null
            ),
            if(
                payment_method is not null and creator_tier is not null,
                one_dimension('payment_method', payment_method), null
            ),
            if(
                payment_method is not null and creator_tier is not null,
                one_dimension('creator_tier', creator_tier), null
            ),
            if(
                category is not null and channel is not null,
                one_dimension(null, null), null
            )
        ], lambda one: one is not null)) as part
    from triples
),

final as (
    select
        day,
        part.dimension_a,
        part.value_a,
        part.dimension_b,
        part.value_b,
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
    from parts
    group by
        day,
        part.dimension_a,
        part.value_a,
        part.dimension_b,
        part.value_b
)

select * from final
