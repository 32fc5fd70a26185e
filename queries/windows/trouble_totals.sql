-- How often each kind of trouble met a shop or a listing before each snapshot.
--
-- Of listings only complaints are counted: the rest is the doing of the shop.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type          varchar  merchant, product
--          entity_id            varchar
--          as_of                date     only days before it count
--          late_scans_30d       double   no scan 72 h after dispatch, 30 days
--          reused_tracking_90d  double   numbers of an earlier parcel, 90 days
--          wrong_addresses_30d  double   delivered to another door, 30 days
--          complaints_90d       double   not received or not the goods, 90 days
--          cut_price_orders_30d  double  under 70 % of first price, 30 days
--          turned_orders_30d    double   in another category, 30 days
--          own_desk_orders_90d  double   from its own office device, 90 days
with days as (
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        day,
        kind,
        count(*) as events
    from facts.trouble_facts
    group by merchant_id, day, kind
    union all
    select
        'product' as entity_type,
        product_id as entity_id,
        day,
        kind,
        count(*) as events
    from facts.trouble_facts
    where kind = 'complaint'
    group by product_id, day, kind
),

totals as (
    select
        d.entity_type,
        d.entity_id,
        s.as_of,
        sum(d.events) filter (
            where d.kind = 'late_scan' and d.day >= s.as_of - 30
        ) as late_scans_30d,
        sum(d.events) filter (where d.kind = 'reused_tracking')
            as reused_tracking_90d,
        sum(d.events) filter (
            where d.kind = 'wrong_address' and d.day >= s.as_of - 30
        ) as wrong_addresses_30d,
        sum(d.events) filter (where d.kind = 'complaint') as complaints_90d,
        sum(d.events) filter (
            where d.kind = 'cut_price' and d.day >= s.as_of - 30
        ) as cut_price_orders_30d,
        sum(d.events) filter (
            where d.kind = 'turned' and d.day >= s.as_of - 30
        ) as turned_orders_30d,
        sum(d.events) filter (where d.kind = 'own_desk') as own_desk_orders_90d
    from days as d
    inner join facts.snapshots as s
        on
            d.entity_type = s.entity_type
            and d.day < s.as_of
            and d.day >= s.as_of - 90
    group by d.entity_type, d.entity_id, s.as_of
),

final as (
    select
        entity_type,
        entity_id,
        as_of,
        cast(coalesce(late_scans_30d, 0) as double) as late_scans_30d,
        cast(coalesce(reused_tracking_90d, 0) as double)
            as reused_tracking_90d,
        cast(coalesce(wrong_addresses_30d, 0) as double)
            as wrong_addresses_30d,
        cast(coalesce(complaints_90d, 0) as double) as complaints_90d,
        cast(coalesce(cut_price_orders_30d, 0) as double)
            as cut_price_orders_30d,
        cast(coalesce(turned_orders_30d, 0) as double) as turned_orders_30d,
        cast(coalesce(own_desk_orders_90d, 0) as double)
            as own_desk_orders_90d
    from totals
)

select * from final
