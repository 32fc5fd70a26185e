-- How often each kind of trouble met a shop or a listing before each snapshot.
--
-- Of listings only complaints are counted: the rest is the doing of the shop.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type           varchar  merchant, product
--          entity_id             varchar
--          as_of                 date     only days before it count
--          late_scans_30d        double   no scan 72 h after dispatch, 30 days
--          reused_tracking_90d   double   numbers of an earlier parcel, 90 days
--          wrong_addresses_30d   double   delivered to another door, 30 days
--          complaints_90d        double   not received or not the goods, 90 days
--          cut_price_orders_30d  double   under 70 % of first price, 30 days
--          turned_orders_30d     double   in another category, 30 days
--          own_desk_orders_90d   double   from its own office device, 90 days
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
        on d.entity_type = s.entity_type and within(d.day, s.as_of, 90)
    group by d.entity_type, d.entity_id, s.as_of
),

final as (
    select
        entity_type,
        entity_id,
        as_of,
        number(late_scans_30d) as late_scans_30d,
        number(reused_tracking_90d) as reused_tracking_90d,
        number(wrong_addresses_30d) as wrong_addresses_30d,
        number(complaints_90d) as complaints_90d,
        number(cut_price_orders_30d) as cut_price_orders_30d,
        number(turned_orders_30d) as turned_orders_30d,
        number(own_desk_orders_90d) as own_desk_orders_90d
    from totals
)

select * from final
