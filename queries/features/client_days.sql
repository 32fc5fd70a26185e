-- What kind of accounts bought from each shop, creator and listing on each day.
--
-- Ages are kept to four digits, so that sums of squares are exact.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type  varchar         merchant, creator, product
--          entity_id    varchar
--          day          date
--          orders       bigint
--          age_sum      decimal(38,4)   days: ages of the accounts at their orders
--          age_squares  decimal(38,8)   of these the squares
--          device_log   decimal(38,6)   ln(accounts on the device), summed
--          address_log  decimal(38,6)   ln(accounts at the address), summed
--          max_device   bigint          most accounts on one device
--          number       bigint          of features.entity_numbers
-- What has no creator falls into a group without an id, which has no number.
with placed as (
    select
        merchant_id,
        creator_id,
        product_id,
        day,
        cast(buyer_age_days as decimal(12, 4)) as age,
        cast(ln(device_accounts) as decimal(12, 6)) as device_log,
        cast(ln(address_accounts) as decimal(12, 6)) as address_log,
        device_accounts
    from features.order_facts
),

summed as (
    select
        case
            when grouping(merchant_id) = 0 then 'merchant'
            when grouping(creator_id) = 0 then 'creator'
            else 'product'
        end as entity_type,
        coalesce(merchant_id, creator_id, product_id) as entity_id,
        day,
        count(*) as orders,
        sum(age) as age_sum,
        sum(age * age) as age_squares,
        sum(device_log) as device_log,
        sum(address_log) as address_log,
        max(device_accounts) as max_device
    from placed
    group by
        grouping sets (
            (merchant_id, day), (creator_id, day), (product_id, day)
        )
),

described as (
    select
        d.*,
        n.number
    from summed as d
    inner join features.entity_numbers as n
        on d.entity_type = n.entity_type and d.entity_id = n.entity_id
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from described
order by number asc nulls last
