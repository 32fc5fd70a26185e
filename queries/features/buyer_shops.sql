-- What was known by each snapshot of the shops that an account had bought at.
--
-- Only who bought at a shop confirmed bad, or with closed siblings, has a row.
--
-- grain:   buyer_id, as_of
-- params:  none
-- returns: buyer_id             varchar
--          as_of                date
--          bad_shop_orders_90d  double   orders at shops whose last verdict is bad
--          closed_siblings_90d  double   most closed siblings of one of its shops
with judged as (
    select
        o.buyer_id,
        o.day,
        v.known_day,
        v.replaced_day
    from features.order_facts as o
    inner join features.verdicts as v
        on
            v.entity_type = 'merchant'
            and v.label = 'bad'
            and o.merchant_id = v.entity_id
),

confirmed as (
    select
        d.described_id,
        cast(count(*) as double) as orders
    from judged as j
    inner join features.described as d
        on
            d.entity_type = 'buyer'
            and j.buyer_id = d.entity_id
            and j.day < d.as_of
            and j.day >= d.as_of - 90
            and j.known_day < d.as_of
            and (j.replaced_day is null or j.replaced_day >= d.as_of)
    group by d.described_id
),

related as (
    select
        o.buyer_id,
        s.as_of,
        max(t.closed_siblings) as closed_siblings
    from features.sibling_totals as t
    inner join features.order_facts as o on t.merchant_id = o.merchant_id
    inner join features.snapshot_days as s
        on
            s.entity_type = 'buyer'
            and t.as_of = s.as_of
            and o.day = s.day
    where t.closed_siblings > 0.0
    group by o.buyer_id, s.as_of
),

described as (
    select
        d.entity_id as buyer_id,
        d.as_of,
        coalesce(c.orders, 0.0) as bad_shop_orders_90d,
        coalesce(r.closed_siblings, 0.0) as closed_siblings_90d
    from features.described as d
    left join confirmed as c on d.described_id = c.described_id
    left join related as r on d.entity_id = r.buyer_id and d.as_of = r.as_of
    where
        d.entity_type = 'buyer'
        and (c.orders > 0.0 or r.closed_siblings > 0.0)
)

select * from described
