-- When in the day, and how close together, the orders of each day were placed.
--
-- Lines of one checkout are one purchase, placed with its first line. Only who ever
-- had ten orders: no rhythm is told from fewer. A gap belongs to the day of the order
-- that ends it, so that windows are sums of days; seconds are whole
-- numbers, so their sums and squares are exact in any order. A listing's gaps are
-- not kept: they are its shop's.
--
-- grain:   entity_type, entity_id, day
-- params:  none
-- returns: entity_type            varchar  merchant, creator, product
--          entity_id              varchar
--          day                    date
--          orders                 integer  purchases
--          max_ten_minute_orders  integer  most in ten minutes by the clock
--          gaps                   integer  orders that had an earlier one
--          gap_seconds            double   seconds since the earlier one, summed
--          gap_squares            double   their squares, summed
--          orders_from_0          integer  placed from 00:00 until 03:00 UTC
--          orders_from_3          integer  the next three hours, and so on
--          orders_from_6          integer
--          orders_from_9          integer
--          orders_from_12         integer
--          orders_from_15         integer
--          orders_from_18         integer
--          orders_from_21         integer
--          entity_key             bigint   of facts.entity_keys
with entity_types as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
),

-- What follows compares them millions of times: numbers do so faster than names.
active_entities as (
    select
        entity_type,
        entity_id,
        entity_key
    from days.order_days
    group by entity_type, entity_id, entity_key
    having sum(orders) >= 10
),

entity_orders as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then merchant_id
            else creator_id
        end as entity_id,
        f.day,
        min(f.hour_at) as hour_at,
        min(f.created_at) as created_at
    from facts.order_facts as f
    cross join entity_types as k
    where k.entity_type <> 'creator' or f.creator_id is not null
    group by k.entity_type, entity_id, f.day, f.purchase_id
),

order_gaps as (
    select
        s.entity_key,
        p.day,
        p.hour_at,
        p.created_at,
        cast(
            date_diff(
                'second',
                lag(p.created_at) over (
                    partition by s.entity_key
                    order by p.created_at
                ),
                p.created_at
            ) as double
        ) as gap_seconds
    from entity_orders as p
    inner join active_entities as s
        on p.entity_type = s.entity_type and p.entity_id = s.entity_id
    union all
    select
        s.entity_key,
        f.day,
        min(f.hour_at) as hour_at,
        min(f.created_at) as created_at,
        cast(null as double) as gap_seconds
    from facts.order_facts as f
    inner join active_entities as s
        on s.entity_type = 'product' and f.product_id = s.entity_id
    group by s.entity_key, f.day, f.purchase_id
),

buckets as (
    select
        entity_key,
        day,
        cast(extract(hour from hour_at) as integer) as hour_of_day,
        cast(floor(extract(minute from created_at) / 10.0) as integer)
            as ten_minutes,
        count(*) as orders,
        count(gap_seconds) as gaps,
        sum(gap_seconds) as gap_seconds,
        sum(gap_seconds * gap_seconds) as gap_squares
    from order_gaps
    group by all
),

days as (
    select
        entity_key,
        day,
        cast(sum(orders) as integer) as orders,
        cast(max(orders) as integer) as max_ten_minute_orders,
        cast(sum(gaps) as integer) as gaps,
        coalesce(sum(gap_seconds), 0.0) as gap_seconds,
        coalesce(sum(gap_squares), 0.0) as gap_squares,
        cast(
            coalesce(sum(orders) filter (where hour_of_day < 3), 0) as integer
        ) as orders_from_0,
        cast(
            coalesce(
                sum(orders) filter (where hour_of_day between 3 and 5), 0
            ) as integer
        ) as orders_from_3,
        cast(
            coalesce(
                sum(orders) filter (where hour_of_day between 6 and 8), 0
            ) as integer
        ) as orders_from_6,
        cast(
            coalesce(
                sum(orders) filter (where hour_of_day between 9 and 11), 0
            ) as integer
        ) as orders_from_9,
        cast(
            coalesce(
                sum(orders) filter (where hour_of_day between 12 and 14), 0
            ) as integer
        ) as orders_from_12,
        cast(
            coalesce(
                sum(orders) filter (where hour_of_day between 15 and 17), 0
            ) as integer
        ) as orders_from_15,
        cast(
            coalesce(
                sum(orders) filter (where hour_of_day between 18 and 20), 0
            ) as integer
        ) as orders_from_18,
        cast(
            coalesce(sum(orders) filter (where hour_of_day >= 21), 0) as integer
        ) as orders_from_21
    from buckets
    group by entity_key, day
),

final as (
    select
        s.entity_type,
        s.entity_id,
        d.day,
        d.orders,
        d.max_ten_minute_orders,
        d.gaps,
        d.gap_seconds,
        d.gap_squares,
        d.orders_from_0,
        d.orders_from_3,
        d.orders_from_6,
        d.orders_from_9,
        d.orders_from_12,
        d.orders_from_15,
        d.orders_from_18,
        d.orders_from_21,
        d.entity_key
    from days as d
    inner join active_entities as s on d.entity_key = s.entity_key
)

-- Neighbours in the table are summed together: sums stay in the cache.
select * from final
order by entity_key asc nulls last
