-- Scam calls and opened orders around one shop, beside its own orders.
--
-- grain:   event, event_id
-- params:  entity_id  varchar
--          as_of      date     what was known before this day
--          days       bigint   length of the window
-- returns: event             varchar    own_call, call, look or order
--          event_id          varchar    complaint, look or order
--          event_at          timestamp  UTC, when it was known
--          order_id          varchar
--          staff_id          varchar    who looked
--          opened_orders     bigint     orders opened in one look
--          is_working_hours  boolean    within the person's shift
with merchant as (
    select
        merchant_id,
        warehouse_id,
        erp_app_id
    from staging.merchants
    where merchant_id = $entity_id
),

scam_calls as (
    select
        case
            when c.merchant_id = s.merchant_id then 'own_call' else 'call'
        end as event,
        c.complaint_id as event_id,
        c.observed_at as event_at,
        c.order_id,
        cast(null as varchar) as staff_id,
        cast(null as bigint) as opened_orders,
        cast(null as boolean) as is_working_hours,
        c.day
    from staging.complaints as c
    inner join staging.merchants as m on c.merchant_id = m.merchant_id
    inner join merchant as s
        on m.warehouse_id = s.warehouse_id and m.erp_app_id = s.erp_app_id
    where c.topic = 'scam_call'
),

order_views as (
    select
        'look' as event,
        a.access_id as event_id,
        a.happened_at as event_at,
        cast(null as varchar) as order_id,
        a.staff_id,
        a.orders as opened_orders,
        a.is_working_hours,
        a.day
    from staging.staff_access as a
    inner join merchant as s
        on a.warehouse_id = s.warehouse_id and a.erp_app_id = s.erp_app_id
),

orders as (
    select
        'order' as event,
        o.order_id as event_id,
        o.created_at as event_at,
        o.order_id,
        cast(null as varchar) as staff_id,
        cast(null as bigint) as opened_orders,
        cast(null as boolean) as is_working_hours,
        o.day
    from facts.order_facts as o
    inner join merchant as s on o.merchant_id = s.merchant_id
),

events as (
    select * from scam_calls
    union all
    select * from order_views
    union all
    select * from orders
)

select
    event,
    event_id,
    event_at,
    order_id,
    staff_id,
    opened_orders,
    is_working_hours
from events
where within(day, $as_of, $days)
order by
    case event
        when 'own_call' then 1
        when 'call' then 2
        when 'look' then case when is_working_hours then 4 else 3 end
        else 5
    end asc,
    event_at desc nulls last,
    event_id desc nulls last
