-- Signs of a leak around each shop in the 90 days before each snapshot.
--
-- A row means that something was seen at the shop's warehouse and app, be it a call or
-- an opened order: a shop without one had neither in its place.
--
-- grain:   merchant_id, as_of
-- params:  none
-- returns: merchant_id           varchar
--          as_of                 date     only days before it count
--          scam_calls_90d        double   calls reported by the shop's own buyers
--          place_scam_calls_90d  double   ... by buyers of its warehouse and app
--          opened_orders_90d     double   orders opened there
--          off_hours_orders_90d  double   of these, outside the person's shift
with snapshots as (
    select as_of
    from facts.snapshots
    where entity_type = 'merchant'
),

own_calls as (
    select
        c.merchant_id,
        d.as_of,
        cast(count(*) as double) as scam_calls_90d
    from staging.complaints as c
    inner join snapshots as d on within(c.day, d.as_of, 90)
    where c.topic = 'scam_call' and c.merchant_id is not null
    group by c.merchant_id, d.as_of
),

places as (
    select
        l.warehouse_id,
        l.erp_app_id,
        d.as_of,
        sum(l.scam_calls) as place_scam_calls_90d,
        sum(l.opened_orders) as opened_orders_90d,
        sum(l.off_hours_orders) as off_hours_orders_90d
    from facts.leak_days as l
    inner join snapshots as d on within(l.day, d.as_of, 90)
    group by l.warehouse_id, l.erp_app_id, d.as_of
),

final as (
    select
        m.merchant_id,
        p.as_of,
        coalesce(c.scam_calls_90d, 0.0) as scam_calls_90d,
        p.place_scam_calls_90d,
        p.opened_orders_90d,
        p.off_hours_orders_90d
    from places as p
    inner join staging.merchants as m
        on p.warehouse_id = m.warehouse_id and p.erp_app_id = m.erp_app_id
    left join own_calls as c
        on m.merchant_id = c.merchant_id and p.as_of = c.as_of
)

select * from final
