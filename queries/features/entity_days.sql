-- What each entity did and suffered on each day: sums that add up over days.
--
-- Money is added as exact decimals, so that the order of adding never shows.
-- Everything counts on the day it happened, so a window is a plain sum of days.
-- `*_steps` are changes in a count of distinct parties over 30 days: +1 when one
-- is first seen, -1 when it was last seen 30 days ago. Their running sum is the
-- exact distinct count at any day, without counting anything twice.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type               varchar
--          entity_id                 varchar
--          day                       date
--          orders                    bigint   orders placed
--          gmv_usd                   double   USD paid
--          voucher_usd               double   USD of discount
--          commission_usd            double   USD promised to creators
--          voucher_orders            bigint   with a voucher
--          new_buyer_vouchers        bigint   with a new-buyer voucher
--          tight_baskets             bigint   just above the minimum spend
--          young_account_orders      bigint   from accounts under 7 days old
--          crowded_device_orders     bigint   from devices with 3+ accounts
--          crowded_address_orders    bigint   to addresses with 5+ accounts
--          shared_token_orders       bigint   paid by tokens with 2+ accounts
--          unseen_orders             bigint   without an earlier look
--          fast_pay_orders           bigint   paid within 60 s
--          instant_orders            bigint   under 5 s after the click
--          live_orders               bigint   in a live
--          affiliate_orders          bigint   by affiliate link
--          creator_device_orders     bigint   from the promoter's own device
--          max_hour_orders           bigint   most orders in one hour
--          refunds                   bigint   refund requests
--          refund_usd                double   USD requested
--          late_refunds              bigint   requested 12+ days after order
--          not_received              bigint   claimed not received
--          disproved_claims          bigint   not received, yet delivered
--          low_quality_refunds       bigint   defective or not as described
--          copied_claims             bigint   words 3+ accounts used
--          weighed_returns           bigint   returns weighed
--          light_returns             bigint   under half the weight
--          reviews                   bigint   reviews
--          rating_sum                bigint   stars
--          five_stars                bigint   5-star reviews
--          low_stars                 bigint   1 and 2-star reviews
--          fast_reviews              bigint   within 48 h of delivery
--          deliveries                bigint   parcels delivered
--          light_parcels             bigint   under half the weight
--          fast_deliveries           bigint   under 12 h in transit
--          few_scan_parcels          bigint   2 scans or fewer
--          late_dispatches           bigint   over 48 h after order
--          counterparty_steps        bigint   change in distinct other parties over 30 days
--          device_steps              bigint   change in distinct devices over 30 days
with kinds as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
    union all
    select 'product' as entity_type
    union all
    select 'buyer' as entity_type
),

order_roles as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then o.merchant_id
            when 'creator' then o.creator_id
            when 'product' then o.product_id
            else o.buyer_id
        end as entity_id,
        case
            when k.entity_type = 'buyer' then o.merchant_id
            else o.buyer_id
        end as counterparty_id,
        o.*
    from features.order_facts as o
    cross join kinds as k
),

ordered as (
    select
        entity_type,
        entity_id,
        day,
        count(*) as orders,
        cast(sum(cast(paid_usd as decimal(18, 6))) as double)
            as gmv_usd,
        cast(sum(cast(voucher_usd as decimal(18, 6))) as double)
            as voucher_usd,
        cast(sum(cast(commission_usd as decimal(18, 6))) as double)
            as commission_usd,
        sum(is_voucher) as voucher_orders,
        sum(is_new_buyer_voucher) as new_buyer_vouchers,
        sum(is_tight_basket) as tight_baskets,
        sum(is_young_account) as young_account_orders,
        sum(is_crowded_device) as crowded_device_orders,
        sum(is_crowded_address) as crowded_address_orders,
        sum(is_shared_token) as shared_token_orders,
        sum(is_unseen) as unseen_orders,
        sum(is_fast_pay) as fast_pay_orders,
        sum(is_instant) as instant_orders,
        sum(is_live) as live_orders,
        sum(is_affiliate) as affiliate_orders,
        sum(is_creator_device) as creator_device_orders
    from order_roles
    group by entity_type, entity_id, day
),

hours as (
    select
        entity_type,
        entity_id,
        day,
        count(*) as orders
    from order_roles
    group by entity_type, entity_id, day, hour_at
),

busiest as (
    select
        entity_type,
        entity_id,
        day,
        max(orders) as max_hour_orders
    from hours
    group by entity_type, entity_id, day
),

refunded as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then f.merchant_id
            when 'creator' then f.creator_id
            when 'product' then f.product_id
            else f.buyer_id
        end as entity_id,
        f.day,
        count(*) as refunds,
        cast(sum(cast(amount_usd as decimal(18, 6))) as double)
            as refund_usd,
        sum(is_late) as late_refunds,
        sum(is_not_received) as not_received,
        sum(is_disproved) as disproved_claims,
        sum(is_low_quality) as low_quality_refunds,
        sum(is_copied_claim) as copied_claims
    from features.refund_facts as f
    cross join kinds as k
    group by all
),

returned as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then f.merchant_id
            when 'creator' then f.creator_id
            when 'product' then f.product_id
            else f.buyer_id
        end as entity_id,
        f.refunded_day as day,
        sum(is_weighed_return) as weighed_returns,
        sum(is_light_return) as light_returns
    from features.refund_facts as f
    cross join kinds as k
    where f.refunded_day is not null
    group by all
),

reviewed as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then f.merchant_id
            when 'creator' then f.creator_id
            when 'product' then f.product_id
            else f.buyer_id
        end as entity_id,
        f.day,
        count(*) as reviews,
        sum(rating) as rating_sum,
        sum(is_five_star) as five_stars,
        sum(is_low_star) as low_stars,
        sum(is_fast) as fast_reviews
    from features.review_facts as f
    cross join kinds as k
    group by all
),

delivered as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then f.merchant_id
            when 'creator' then f.creator_id
            when 'product' then f.product_id
            else f.buyer_id
        end as entity_id,
        f.day,
        count(*) as deliveries,
        sum(is_light) as light_parcels,
        sum(is_fast_delivery) as fast_deliveries,
        sum(is_few_scans) as few_scan_parcels,
        sum(is_late_dispatch) as late_dispatches
    from features.delivery_facts as f
    cross join kinds as k
    group by all
),

counterparty_days as (
    select distinct
        entity_type,
        entity_id,
        counterparty_id,
        day
    from order_roles
),

counterparty_spells as (
    select
        entity_type,
        entity_id,
        day as start_day,
        least(
            coalesce(
                lead(day) over (
                    partition by entity_type, entity_id, counterparty_id
                    order by day
                ),
                day + 30
            ),
            day + 30
        ) as end_day
    from counterparty_days
),

counterparty_changes as (
    select
        entity_type,
        entity_id,
        start_day as day,
        1 as step
    from counterparty_spells
    union all
    select
        entity_type,
        entity_id,
        end_day as day,
        -1 as step
    from counterparty_spells
    where end_day <= (select max(day) from features.order_facts)
),

counterparty_stepped as (
    select
        entity_type,
        entity_id,
        day,
        sum(step) as counterparty_steps
    from counterparty_changes
    group by entity_type, entity_id, day
),

device_days as (
    select distinct
        entity_type,
        entity_id,
        device_id,
        day
    from order_roles
    where entity_type in ('merchant', 'creator')
),

device_spells as (
    select
        entity_type,
        entity_id,
        day as start_day,
        least(
            coalesce(
                lead(day) over (
                    partition by entity_type, entity_id, device_id
                    order by day
                ),
                day + 30
            ),
            day + 30
        ) as end_day
    from device_days
),

device_changes as (
    select
        entity_type,
        entity_id,
        start_day as day,
        1 as step
    from device_spells
    union all
    select
        entity_type,
        entity_id,
        end_day as day,
        -1 as step
    from device_spells
    where end_day <= (select max(day) from features.order_facts)
),

device_stepped as (
    select
        entity_type,
        entity_id,
        day,
        sum(step) as device_steps
    from device_changes
    group by entity_type, entity_id, day
),

spine as (
    select
        entity_type,
        entity_id,
        day
    from ordered
    union
    select
        entity_type,
        entity_id,
        day
    from refunded
    union
    select
        entity_type,
        entity_id,
        day
    from returned
    union
    select
        entity_type,
        entity_id,
        day
    from reviewed
    union
    select
        entity_type,
        entity_id,
        day
    from delivered
    union
    select
        entity_type,
        entity_id,
        day
    from counterparty_stepped
    union
    select
        entity_type,
        entity_id,
        day
    from device_stepped
),

joined as (
    select
        s.entity_type,
        s.entity_id,
        s.day,
        cast(coalesce(ordered.orders, 0) as bigint) as orders,
        coalesce(ordered.gmv_usd, 0.0) as gmv_usd,
        coalesce(ordered.voucher_usd, 0.0) as voucher_usd,
        coalesce(ordered.commission_usd, 0.0) as commission_usd,
        cast(coalesce(ordered.voucher_orders, 0) as bigint) as voucher_orders,
        cast(coalesce(ordered.new_buyer_vouchers, 0) as bigint)
            as new_buyer_vouchers,
        cast(coalesce(ordered.tight_baskets, 0) as bigint) as tight_baskets,
        cast(coalesce(ordered.young_account_orders, 0) as bigint)
            as young_account_orders,
        cast(coalesce(ordered.crowded_device_orders, 0) as bigint)
            as crowded_device_orders,
        cast(coalesce(ordered.crowded_address_orders, 0) as bigint)
            as crowded_address_orders,
        cast(coalesce(ordered.shared_token_orders, 0) as bigint)
            as shared_token_orders,
        cast(coalesce(ordered.unseen_orders, 0) as bigint) as unseen_orders,
        cast(coalesce(ordered.fast_pay_orders, 0) as bigint) as fast_pay_orders,
        cast(coalesce(ordered.instant_orders, 0) as bigint) as instant_orders,
        cast(coalesce(ordered.live_orders, 0) as bigint) as live_orders,
        cast(coalesce(ordered.affiliate_orders, 0) as bigint)
            as affiliate_orders,
        cast(coalesce(ordered.creator_device_orders, 0) as bigint)
            as creator_device_orders,
        cast(coalesce(busiest.max_hour_orders, 0) as bigint) as max_hour_orders,
        cast(coalesce(refunded.refunds, 0) as bigint) as refunds,
        coalesce(refunded.refund_usd, 0.0) as refund_usd,
        cast(coalesce(refunded.late_refunds, 0) as bigint) as late_refunds,
        cast(coalesce(refunded.not_received, 0) as bigint) as not_received,
        cast(coalesce(refunded.disproved_claims, 0) as bigint)
            as disproved_claims,
        cast(coalesce(refunded.low_quality_refunds, 0) as bigint)
            as low_quality_refunds,
        cast(coalesce(refunded.copied_claims, 0) as bigint) as copied_claims,
        cast(coalesce(returned.weighed_returns, 0) as bigint)
            as weighed_returns,
        cast(coalesce(returned.light_returns, 0) as bigint) as light_returns,
        cast(coalesce(reviewed.reviews, 0) as bigint) as reviews,
        cast(coalesce(reviewed.rating_sum, 0) as bigint) as rating_sum,
        cast(coalesce(reviewed.five_stars, 0) as bigint) as five_stars,
        cast(coalesce(reviewed.low_stars, 0) as bigint) as low_stars,
        cast(coalesce(reviewed.fast_reviews, 0) as bigint) as fast_reviews,
        cast(coalesce(delivered.deliveries, 0) as bigint) as deliveries,
        cast(coalesce(delivered.light_parcels, 0) as bigint) as light_parcels,
        cast(coalesce(delivered.fast_deliveries, 0) as bigint)
            as fast_deliveries,
        cast(coalesce(delivered.few_scan_parcels, 0) as bigint)
            as few_scan_parcels,
        cast(coalesce(delivered.late_dispatches, 0) as bigint)
            as late_dispatches,
        cast(coalesce(counterparty_stepped.counterparty_steps, 0) as bigint)
            as counterparty_steps,
        cast(coalesce(device_stepped.device_steps, 0) as bigint) as device_steps
    from spine as s
    left join ordered
        on
            s.entity_type = ordered.entity_type
            and s.entity_id = ordered.entity_id
            and s.day = ordered.day
    left join busiest
        on
            s.entity_type = busiest.entity_type
            and s.entity_id = busiest.entity_id
            and s.day = busiest.day
    left join refunded
        on
            s.entity_type = refunded.entity_type
            and s.entity_id = refunded.entity_id
            and s.day = refunded.day
    left join returned
        on
            s.entity_type = returned.entity_type
            and s.entity_id = returned.entity_id
            and s.day = returned.day
    left join reviewed
        on
            s.entity_type = reviewed.entity_type
            and s.entity_id = reviewed.entity_id
            and s.day = reviewed.day
    left join delivered
        on
            s.entity_type = delivered.entity_type
            and s.entity_id = delivered.entity_id
            and s.day = delivered.day
    left join counterparty_stepped
        on
            s.entity_type = counterparty_stepped.entity_type
            and s.entity_id = counterparty_stepped.entity_id
            and s.day = counterparty_stepped.day
    left join device_stepped
        on
            s.entity_type = device_stepped.entity_type
            and s.entity_id = device_stepped.entity_id
            and s.day = device_stepped.day
    where s.entity_id is not null
)

select * from joined
