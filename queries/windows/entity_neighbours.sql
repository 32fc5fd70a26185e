-- What the neighbours of shops, creators and listings had shown by then.
--
-- grain:   entity_type, entity_id, as_of
-- params:  none
-- returns: entity_type               varchar  merchant, creator, product
--          entity_id                 varchar
--          as_of                     date
--          confirmed_bad_orders_90d  double   orders by buyers confirmed bad
--          bank_account_merchants    double   shops on its bank account
--          device_creators           double   creators on its device
with entity_types as (
    select 'merchant' as entity_type
    union all
    select 'creator' as entity_type
    union all
    select 'product' as entity_type
),

bad_orders as (
    select
        k.entity_type,
        case k.entity_type
            when 'merchant' then o.merchant_id
            when 'creator' then o.creator_id
            else o.product_id
        end as entity_id,
        o.day,
        v.known_day,
        coalesce(v.replaced_day, date '9999-12-31') as replaced_day
    from facts.order_facts as o
    inner join facts.verdicts as v
        on
            v.entity_type = 'buyer'
            and v.label = 'bad'
            and o.buyer_id = v.entity_id
    cross join entity_types as k
),

bad_order_totals as (
    select
        o.entity_type,
        o.entity_id,
        s.as_of,
        cast(count(*) as double) as confirmed_bad_orders_90d
    from bad_orders as o
    inner join facts.snapshots as s
        on
            o.entity_type = s.entity_type
            and within(o.day, s.as_of, 90)
            and o.known_day < s.as_of
            and o.replaced_day >= s.as_of
    where o.entity_id is not null
    group by o.entity_type, o.entity_id, s.as_of
),

-- Only shared identifiers need counting; alone is 1 everywhere else.
shared_identifiers as (
    select
        l.entity_type,
        l.entity_id,
        l.relation,
        l.identifier_id,
        l.first_seen_at
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    where
        i.degree > 1
        and (
            (l.entity_type = 'merchant' and l.relation = 'bank_account')
            or (l.entity_type = 'creator' and l.relation = 'device')
        )
),

account_counts as (
    select
        a.entity_type,
        a.entity_id,
        s.as_of,
        cast(count(*) as double) as accounts
    from shared_identifiers as a
    inner join shared_identifiers as b
        on
            a.entity_type = b.entity_type
            and a.relation = b.relation
            and a.identifier_id = b.identifier_id
    inner join facts.snapshots as s
        on
            a.entity_type = s.entity_type
            and a.first_seen_at < cast(s.as_of as timestamp)
            and b.first_seen_at < cast(s.as_of as timestamp)
    group by a.entity_type, a.entity_id, s.as_of
),

subjects as (
    select
        entity_type,
        entity_id,
        as_of
    from bad_order_totals
    union
    select
        entity_type,
        entity_id,
        as_of
    from account_counts
),

final as (
    select
        t.entity_type,
        t.entity_id,
        t.as_of,
        coalesce(c.confirmed_bad_orders_90d, 0.0)
            as confirmed_bad_orders_90d,
        case
            when t.entity_type = 'merchant' then coalesce(n.accounts, 1.0)
        end as bank_account_merchants,
        case
            when t.entity_type = 'creator' then coalesce(n.accounts, 1.0)
        end as device_creators
    from subjects as t
    left join bad_order_totals as c
        on
            t.entity_type = c.entity_type
            and t.entity_id = c.entity_id
            and t.as_of = c.as_of
    left join account_counts as n
        on
            t.entity_type = n.entity_type
            and t.entity_id = n.entity_id
            and t.as_of = n.as_of
)

select * from final
