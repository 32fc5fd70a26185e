-- Every time staff of the platform or a warehouse opened order details.
--
-- grain:   access_id
-- params:  none
-- returns: access_id         varchar    acc_...
--          staff_id          varchar    stf_...
--          happened_at       timestamp
--          action            varchar
--          warehouse_id      varchar    warehouse whose orders were opened
--          erp_app_id        varchar    order app they were opened in
--          orders            bigint     orders opened
--          is_working_hours  boolean    within the person's shift
--          day               date       UTC day of happened_at
with source as (
    select * from raw.staff_access
),

final as (
    select
        cast(access_id as varchar) as access_id,
        cast(staff_id as varchar) as staff_id,
        cast(happened_at as timestamp) as happened_at,
        cast(action as varchar) as action,
        identifier('warehouse', cast(warehouse_id as varchar)) as warehouse_id,
        identifier('erp_app', cast(erp_app_id as varchar)) as erp_app_id,
        cast(orders as bigint) as orders,
        cast(is_working_hours as boolean) as is_working_hours,
        cast(happened_at as date) as day
    from source
)

select * from final
