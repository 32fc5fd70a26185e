-- What was ordered of each shop, creator and listing on each day.
--
-- Money stays an exact decimal, so that sums of days add up to the cent however
-- they are cut; ages are kept to four digits, so that their squares are exact too.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type             varchar        merchant, creator, product
--          entity_id               varchar
--          entity_key              bigint         of facts.entity_keys
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
--          age_sum                 decimal(38,4)  days: ages of the accounts, summed
--          age_squares             decimal(38,8)  of these the squares
--          device_log              decimal(38,6)  ln(accounts on the device), summed
--          address_log             decimal(38,6)  ln(accounts at the address), summed
--          max_device              bigint         most accounts on one device
--          max_hour_orders         integer        most orders in one hour
-- A number alone says whose it is: rows are told apart by whole numbers.
with entity_orders as (
    select
        n.entity_key,
        f.*
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'merchant' and f.merchant_id = n.entity_id
    union all
    select
        n.entity_key,
        f.*
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'creator' and f.creator_id = n.entity_id
    union all
    select
        n.entity_key,
        f.*
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'product' and f.product_id = n.entity_id
),

day_totals as (
    select
        entity_key,
        day,
        cast(count(*) as integer) as orders,
        cast(sum(cast(paid_usd as decimal(18, 6))) as decimal(18, 6))
            as gmv_usd,
        cast(sum(cast(voucher_usd as decimal(18, 6))) as decimal(18, 6))
            as voucher_usd,
        cast(sum(cast(commission_usd as decimal(18, 6))) as decimal(18, 6))
            as commission_usd,
        cast(count(*) filter (where is_voucher = 1) as integer)
            as voucher_orders,
        cast(count(*) filter (where is_new_buyer_voucher = 1) as integer)
            as new_buyer_vouchers,
        cast(count(*) filter (where is_tight_basket = 1) as integer)
            as tight_baskets,
        cast(count(*) filter (where is_young_account = 1) as integer)
            as young_account_orders,
        cast(count(*) filter (where is_crowded_device = 1) as integer)
            as crowded_device_orders,
        cast(count(*) filter (where is_crowded_address = 1) as integer)
            as crowded_address_orders,
        cast(count(*) filter (where is_shared_token = 1) as integer)
            as shared_token_orders,
        cast(count(*) filter (where is_unseen = 1) as integer)
            as unseen_orders,
        cast(count(*) filter (where is_fast_pay = 1) as integer)
            as fast_pay_orders,
        cast(count(*) filter (where is_instant = 1) as integer)
            as instant_orders,
        cast(count(*) filter (where is_live = 1) as integer)
            as live_orders,
        cast(count(*) filter (where is_affiliate = 1) as integer)
            as affiliate_orders,
        cast(count(*) filter (where is_creator_device = 1) as integer)
            as creator_device_orders,
        sum(cast(buyer_age_days as decimal(12, 4))) as age_sum,
        sum(
            cast(buyer_age_days as decimal(12, 4))
            * cast(buyer_age_days as decimal(12, 4))
        ) as age_squares,
        sum(cast(ln(device_accounts) as decimal(12, 6))) as device_log,
        sum(cast(ln(address_accounts) as decimal(12, 6))) as address_log,
        max(device_accounts) as max_device
    from entity_orders
    group by entity_key, day
),

entity_hours as (
    select
        n.entity_key,
        f.day,
        f.hour_at
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'merchant' and f.merchant_id = n.entity_id
    union all
    select
        n.entity_key,
        f.day,
        f.hour_at
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'creator' and f.creator_id = n.entity_id
    union all
    select
        n.entity_key,
        f.day,
        f.hour_at
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'product' and f.product_id = n.entity_id
),

-- Hours with one order need no looking for: whoever ordered had one.
repeated_hours as (
    select
        entity_key,
        day,
        hour_at,
        count(*) as orders
    from entity_hours
    group by entity_key, day, hour_at
    having count(*) > 1
),

peak_hours as (
    select
        entity_key,
        day,
        max(orders) as max_hour_orders
    from repeated_hours
    group by entity_key, day
),

final as (
    select
        n.entity_type,
        n.entity_id,
        o.*,
        cast(coalesce(b.max_hour_orders, 1) as integer) as max_hour_orders
    from day_totals as o
    inner join facts.entity_keys as n on o.entity_key = n.entity_key
    left join peak_hours as b on o.entity_key = b.entity_key and o.day = b.day
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from final
order by entity_key asc nulls last
