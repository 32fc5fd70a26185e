-- Each paid order with what it is sliced by, and what became of it by a fixed age.
--
-- Everything counts on the local day the order was placed: a rate is a share of the same
-- orders, and comparable from the age on at which all of them have had their time. Free
-- samples are left out, and orders that were never paid. The columns from `orders` on are
-- what metrics.cube sums under the same names: 1 where it is so, 0 where it is not.
--
-- grain:   order_id
-- params:  none
-- returns: order_id                  varchar
--          day                       date           local to the shop's market
--          market                    varchar        of the shop
--          category                  varchar        of the listing
--          channel                   varchar
--          merchant_tier             varchar        metrics.merchant_tiers
--          buyer_age                 varchar        of the account, in bands
--          payment_method            varchar        as delivered, or unknown
--          creator_tier              varchar        by followers the day before
--          merchant_id               varchar
--          product_id                varchar
--          creator_id                varchar
--          buyer_id                  varchar
--          live_session_id           varchar
--          orders                    integer        1
--          gmv_usd                   decimal(18,6)  USD paid
--          voucher_usd               decimal(18,6)  USD of discount
--          commission_usd            decimal(18,6)  USD promised to the creator
--          bad_gmv_30d_usd           decimal(18,6)  USD paid, of a bad order
--          voucher_orders            integer        a voucher was used
--          new_buyer_voucher_orders  integer        it was for new buyers
--          young_account_orders      integer        account under 7 days old
--          crowded_device_orders     integer        device with 3+ accounts
--          fast_payment_orders       integer        paid within 60 seconds
--          late_dispatch_orders      integer        no parcel within 48 hours
--          undispatched_orders       integer        no parcel within 7 days
--          delivered_orders          integer        within 30 days
--          low_rated_orders          integer        1 or 2 stars in 30 days
--          refunded_orders           integer        asked back in refund_days
--          not_received_orders       integer        as not received, same span
--          small_orders              integer        of small_order_usd at most
--          small_refunded_orders     integer        and asked back, same span
--          disputed_orders           integer        contested at a bank, 60 days
--          bad_orders_7d             integer        metrics.bad_orders
--          bad_orders_30d            integer
--          bad_orders_60d            integer
with requests as (
    select
        order_id,
        min(requested_at) as requested_at,
        min(requested_at) filter (where reason = 'not_received')
            as not_received_at
    from staging.refunds
    group by order_id
),

parcels as (
    select
        order_id,
        min(shipped_at) as shipped_at,
        min(delivered_at) as delivered_at
    from staging.shipments
    group by order_id
),

low_ratings as (
    select
        order_id,
        min(created_at) as created_at
    from staging.reviews
    where rating <= 2
    group by order_id
),

disputes as (
    select
        order_id,
        min(observed_at) as observed_at
    from staging.disputes
    group by order_id
),

sales as (
    select
        f.*,
        o.created_at as placed_at,
        coalesce(o.cancelled_at < o.created_at + interval 48 hour, false)
            as is_cancelled_soon,
        coalesce(o.payment_method, 'unknown') as payment_method,
        c.time_zone,
        c.market,
        coalesce(p.category, 'unknown') as category
    from facts.order_facts as f
    inner join staging.orders as o on f.order_id = o.order_id
    inner join staging.merchants as m on f.merchant_id = m.merchant_id
    inner join staging.products as p on f.product_id = p.product_id
    inner join metrics.clocks as c on m.market = c.market
),

final as (
    select
        s.order_id,
        local_day(s.placed_at, s.time_zone) as day,
        s.market,
        s.category,
        s.channel,
        coalesce(t.merchant_tier, 'unknown') as merchant_tier,
        buyer_age(s.buyer_id, s.buyer_age_days) as buyer_age,
        s.payment_method,
        creator_tier(s.creator_id, d.followers) as creator_tier,
        s.merchant_id,
        s.product_id,
        s.creator_id,
        s.buyer_id,
        s.live_session_id,
        1 as orders,
        cast(s.paid_usd as decimal(18, 6)) as gmv_usd,
        cast(s.voucher_usd as decimal(18, 6)) as voucher_usd,
        cast(s.commission_usd as decimal(18, 6)) as commission_usd,
        cast(
            case when b.is_bad_30d = 1 then s.paid_usd else 0.0 end
            as decimal(18, 6)
        ) as bad_gmv_30d_usd,
        s.is_voucher as voucher_orders,
        s.is_new_buyer_voucher as new_buyer_voucher_orders,
        s.is_young_account as young_account_orders,
        s.is_crowded_device as crowded_device_orders,
        s.is_fast_pay as fast_payment_orders,
        flag(
            not s.is_cancelled_soon
            and coalesce(x.shipped_at > s.placed_at + interval 48 hour, true)
        ) as late_dispatch_orders,
        flag(
            not s.is_cancelled_soon
            and coalesce(x.shipped_at > s.placed_at + interval 7 day, true)
        ) as undispatched_orders,
        flag(x.delivered_at < s.placed_at + interval 30 day)
            as delivered_orders,
        flag(l.created_at < s.placed_at + interval 30 day) as low_rated_orders,
        flag(r.requested_at < s.placed_at + refund_days() * interval 1 day)
            as refunded_orders,
        flag(
            r.not_received_at < s.placed_at + refund_days() * interval 1 day
        ) as not_received_orders,
        flag(is_small_order(s.paid_usd)) as small_orders,
        flag(
            is_small_order(s.paid_usd)
            and r.requested_at < s.placed_at + refund_days() * interval 1 day
        ) as small_refunded_orders,
        flag(q.observed_at < s.placed_at + interval 60 day) as disputed_orders,
        coalesce(b.is_bad_7d, 0) as bad_orders_7d,
        coalesce(b.is_bad_30d, 0) as bad_orders_30d,
        coalesce(b.is_bad_60d, 0) as bad_orders_60d
    from sales as s
    left join metrics.merchant_tiers as t
        on s.merchant_id = t.merchant_id and s.day = t.day
    left join staging.creator_days as d
        on s.creator_id = d.creator_id and s.day - 1 = d.day
    left join requests as r on s.order_id = r.order_id
    left join parcels as x on s.order_id = x.order_id
    left join low_ratings as l on s.order_id = l.order_id
    left join disputes as q on s.order_id = q.order_id
    left join metrics.bad_orders as b on s.order_id = b.order_id
)

select * from final
