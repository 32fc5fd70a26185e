-- Paid orders of which somebody was confirmed bad, as it was known at three ages of the order.
--
-- An order is bad when a person has confirmed its buyer, shop, listing, creator or live
-- room, for behaviour that had begun when it was placed (where nobody said since when, from
-- 30 days before the verdict was known), and no later word had taken that back by then.
-- What is known at an age stays as it is, so orders of any two days compare at equal age.
--
-- grain:   order_id
-- params:  none
-- returns: order_id    varchar
--          is_bad_7d   integer  1: known within 7 days of the order
--          is_bad_30d  integer  1: known within 30 days
--          is_bad_60d  integer  1: known within 60 days
with verdicts as (
    select
        v.entity_type,
        v.entity_id,
        v.known_day,
        coalesce(v.replaced_day, date '9999-12-31') as replaced_day,
        coalesce(
            l.event_at,
            l.known_at - cast(loss_days() as integer) * interval 1 day
        ) as began_at
    from facts.verdicts as v
    inner join staging.labels as l on v.label_id = l.label_id
    where v.label = 'bad'
),

sales as (
    select *
    from staging.orders
    where not is_sample
),

parties as (
    select
        o.order_id,
        o.created_at,
        v.known_day,
        v.replaced_day,
        v.began_at
    from sales as o
    inner join verdicts as v
        on v.entity_type = 'merchant' and o.merchant_id = v.entity_id
    union all
    select
        o.order_id,
        o.created_at,
        v.known_day,
        v.replaced_day,
        v.began_at
    from sales as o
    inner join verdicts as v
        on v.entity_type = 'product' and o.product_id = v.entity_id
    union all
    select
        o.order_id,
        o.created_at,
        v.known_day,
        v.replaced_day,
        v.began_at
    from sales as o
    inner join verdicts as v
        on v.entity_type = 'creator' and o.creator_id = v.entity_id
    union all
    select
        o.order_id,
        o.created_at,
        v.known_day,
        v.replaced_day,
        v.began_at
    from sales as o
    inner join verdicts as v
        on v.entity_type = 'buyer' and o.buyer_id = v.entity_id
    union all
    select
        o.order_id,
        o.created_at,
        v.known_day,
        v.replaced_day,
        v.began_at
    from sales as o
    inner join verdicts as v
        on v.entity_type = 'live_session' and o.live_session_id = v.entity_id
),

-- The UTC days by which an order was 7, 30 and 60 days old.
ages as (
    select
        order_id,
        known_day,
        replaced_day,
        cast(created_at + interval 7 day as date) as day_7,
        cast(created_at + interval 30 day as date) as day_30,
        cast(created_at + interval 60 day as date) as day_60
    from parties
    where began_at <= created_at
),

final as (
    select
        order_id,
        max(flag(known_day < day_7 and replaced_day >= day_7)) as is_bad_7d,
        max(flag(known_day < day_30 and replaced_day >= day_30)) as is_bad_30d,
        max(flag(known_day < day_60 and replaced_day >= day_60)) as is_bad_60d
    from ages
    group by order_id
    having min(known_day) < max(day_60)
)

select * from final
