-- Signs that order data leaks, by the warehouse and order app that could leak it.
--
-- Shops share a warehouse and an order app, and so do the people who may open their
-- orders: a leak shows at that place, not at one shop.
--
-- grain:   warehouse_id, erp_app_id, day
-- params:  none
-- returns: warehouse_id      varchar
--          erp_app_id        varchar
--          day               date    day it was reported or opened
--          scam_calls        double  calls by false customer service reported
--          opened_orders     double  orders that staff opened
--          off_hours_orders  double  of these, outside the person's shift
with scam_calls as (
    select
        m.warehouse_id,
        m.erp_app_id,
        c.day,
        1 as scam_calls,
        0 as opened_orders,
        0 as off_hours_orders
    from staging.complaints as c
    inner join staging.merchants as m on c.merchant_id = m.merchant_id
    where c.topic = 'scam_call'
),

order_views as (
    select
        warehouse_id,
        erp_app_id,
        day,
        0 as scam_calls,
        orders as opened_orders,
        case when is_working_hours then 0 else orders end as off_hours_orders
    from staging.staff_access
),

leak_signs as (
    select * from scam_calls
    union all
    select * from order_views
),

final as (
    select
        warehouse_id,
        erp_app_id,
        day,
        cast(sum(scam_calls) as double) as scam_calls,
        cast(sum(opened_orders) as double) as opened_orders,
        cast(sum(off_hours_orders) as double) as off_hours_orders
    from leak_signs
    where warehouse_id is not null and erp_app_id is not null
    group by warehouse_id, erp_app_id, day
)

select * from final
