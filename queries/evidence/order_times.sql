-- Purchases of one entity in a window, with how close together they were placed.
--
-- Lines of one checkout are one purchase, called by its first order.
--
-- grain:   order_id
-- params:  entity_type  varchar  merchant, creator, product or buyer
--          entity_id    varchar
--          as_of        date     what was known before this day
--          days         bigint   length of the window
-- returns: order_id               varchar
--          created_at             timestamp  UTC
--          buyer_id               varchar
--          product_id             varchar
--          paid_usd               double     USD
--          gap_seconds            bigint     since the order before it; null = none
--          orders_in_day          bigint     of the subject, on that day
--          orders_in_hour         bigint     of the subject, in that hour
--          buyers_in_hour         bigint     distinct buyers in that hour
--          orders_in_ten_minutes  bigint     in those ten minutes by the clock
--          hour_block             integer    0 = 00:00 to 03:00 UTC, up to 7
with orders as (
    select
        min(order_id) as order_id,
        min(created_at) as created_at,
        min(buyer_id) as buyer_id,
        min(product_id) as product_id,
        sum(paid_usd) as paid_usd,
        day,
        min(hour_at) as hour_at,
        cast(floor(extract(minute from min(created_at)) / 10.0) as integer)
            as ten_minutes,
        cast(floor(extract(hour from min(created_at)) / 3.0) as integer)
            as hour_block
    from facts.order_facts
    where
        party_id(
            $entity_type, merchant_id, creator_id, product_id, buyer_id
        ) = $entity_id
        and day < $as_of
    group by purchase_id, day
),

order_gaps as (
    select
        *,
        date_diff(
            'second', lag(created_at) over (order by created_at), created_at
        ) as gap_seconds,
        count(*) over (partition by day) as orders_in_day,
        count(*) over (partition by hour_at) as orders_in_hour,
        count(distinct buyer_id) over (partition by hour_at)
            as buyers_in_hour,
        count(*) over (partition by hour_at, ten_minutes)
            as orders_in_ten_minutes
    from orders
),

final as (
    select
        order_id,
        created_at,
        buyer_id,
        product_id,
        paid_usd,
        gap_seconds,
        orders_in_day,
        orders_in_hour,
        buyers_in_hour,
        orders_in_ten_minutes,
        hour_block
    from order_gaps
    where day >= cast($as_of as date) - cast($days as integer)
)

select * from final
order by created_at desc nulls last, order_id desc
