-- The latest purchases of one buyer, each beside the ten before it.
--
-- Lines of one checkout are one purchase, called by its first order.
-- Orders before the window are shown as far as they are needed to judge those in it.
--
-- grain:   order_id
-- params:  entity_id     varchar
--          as_of         date     what was known before this day
--          days          bigint   an order in these days counts as active
-- returns: order_id      varchar
--          created_at    timestamp  UTC
--          merchant_id   varchar
--          paid_usd      double     USD
--          place         bigint     1 is the latest order
--          gap_seconds   bigint     since the order before it; null = none
--          usual_orders  bigint     orders before it, up to ten
--          usual_usd     double     USD: their mean
--          usual_sd_usd  double     USD: their sd
--          is_active     integer    1 when within the days
with purchases as (
    select
        min(order_id) as order_id,
        min(created_at) as created_at,
        min(merchant_id) as merchant_id,
        sum(paid_usd) as paid_usd,
        day
    from facts.order_facts
    where buyer_id = $entity_id and day < $as_of
    group by purchase_id, day
),

order_gaps as (
    select
        order_id,
        created_at,
        merchant_id,
        paid_usd,
        row_number() over (order by created_at desc, order_id desc) as place,
        date_diff(
            'second',
            lag(created_at) over (order by created_at asc, order_id asc),
            created_at
        ) as gap_seconds,
        case
            when day >= cast($as_of as date) - cast($days as integer) then 1
            else 0
        end as is_active
    from purchases
),

final as (
    select
        order_id,
        created_at,
        merchant_id,
        paid_usd,
        place,
        gap_seconds,
        count(*) over (
            order by place desc
            rows between 10 preceding and 1 preceding
        ) as usual_orders,
        avg(paid_usd) over (
            order by place desc
            rows between 10 preceding and 1 preceding
        ) as usual_usd,
        stddev_samp(paid_usd) over (
            order by place desc
            rows between 10 preceding and 1 preceding
        ) as usual_sd_usd,
        is_active
    from order_gaps
)

select * from final
order by place asc nulls last
