-- What was ordered of each shop, creator and listing on each day.
--
-- Money stays an exact decimal, so that sums of days add up to the cent however
-- they are cut.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type             varchar        merchant, creator, product
--          entity_id               varchar
--          day                     date
--          orders                  integer        orders placed
--          gmv_usd                 decimal(18,6)  USD paid
--          voucher_usd             decimal(18,6)  USD of discount
--          commission_usd          decimal(18,6)  USD promised to creators
--          voucher_orders          integer        with a voucher
--          new_buyer_vouchers      integer        with a new-buyer voucher
--          tight_baskets           integer        just above the minimum spend
--          young_account_orders    integer        from accounts under 7 days old
--          crowded_device_orders   integer        from devices with 3+ accounts
--          crowded_address_orders  integer        to addresses with 5+ accounts
--          shared_token_orders     integer        paid by tokens with 2+ accounts
--          unseen_orders           integer        without an earlier look
--          fast_pay_orders         integer        paid within 60 s
--          instant_orders          integer        under 5 s after the click
--          live_orders             integer        in a live
--          affiliate_orders        integer        by affiliate link
--          creator_device_orders   integer        from the promoter's own device
--          max_hour_orders         integer        most orders in one hour
--          number                  bigint         of features.entity_numbers
-- Orders without a creator fall into a group without an id, which has no number.
with ordered as (
    select
        case
            when grouping(merchant_id) = 0 then 'merchant'
            when grouping(creator_id) = 0 then 'creator'
            else 'product'
        end as entity_type,
        coalesce(merchant_id, creator_id, product_id) as entity_id,
        day,
        cast(count(*) as integer) as orders,
        cast(sum(cast(paid_usd as decimal(18, 6))) as decimal(18, 6))
            as gmv_usd,
        cast(sum(cast(voucher_usd as decimal(18, 6))) as decimal(18, 6))
            as voucher_usd,
        cast(sum(cast(commission_usd as decimal(18, 6))) as decimal(18, 6))
            as commission_usd,
        cast(sum(is_voucher) as integer) as voucher_orders,
        cast(sum(is_new_buyer_voucher) as integer) as new_buyer_vouchers,
        cast(sum(is_tight_basket) as integer) as tight_baskets,
        cast(sum(is_young_account) as integer) as young_account_orders,
        cast(sum(is_crowded_device) as integer) as crowded_device_orders,
        cast(sum(is_crowded_address) as integer) as crowded_address_orders,
        cast(sum(is_shared_token) as integer) as shared_token_orders,
        cast(sum(is_unseen) as integer) as unseen_orders,
        cast(sum(is_fast_pay) as integer) as fast_pay_orders,
        cast(sum(is_instant) as integer) as instant_orders,
        cast(sum(is_live) as integer) as live_orders,
        cast(sum(is_affiliate) as integer) as affiliate_orders,
        cast(sum(is_creator_device) as integer) as creator_device_orders
    from features.order_facts
    group by
        grouping sets (
            (merchant_id, day), (creator_id, day), (product_id, day)
        )
),

-- Hours with one order need no looking for: whoever ordered had one.
hours as (
    select
        case
            when grouping(merchant_id) = 0 then 'merchant'
            when grouping(creator_id) = 0 then 'creator'
            else 'product'
        end as entity_type,
        coalesce(merchant_id, creator_id, product_id) as entity_id,
        day,
        hour_at,
        count(*) as orders
    from features.order_facts
    group by
        grouping sets (
            (merchant_id, day, hour_at),
            (creator_id, day, hour_at),
            (product_id, day, hour_at)
        )
    having count(*) > 1
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

described as (
    select
        o.*,
        cast(coalesce(b.max_hour_orders, 1) as integer) as max_hour_orders,
        n.number
    from ordered as o
    inner join features.entity_numbers as n
        on o.entity_type = n.entity_type and o.entity_id = n.entity_id
    left join busiest as b
        on
            o.entity_type = b.entity_type
            and o.entity_id = b.entity_id
            and o.day = b.day
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from described
order by number asc nulls last
