-- How many accounts shared a buyer's devices, addresses and tokens by then.
--
-- grain:   buyer_id, as_of
-- params:  none
-- returns: buyer_id                varchar
--          as_of                   date
--          device_accounts         double   accounts on its busiest device
--          address_accounts        double   accounts at its busiest address
--          payment_token_accounts  double   accounts on its busiest token
with shared as (
    select
        l.entity_id,
        l.relation,
        l.identifier_id,
        l.first_seen_at
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    where
        l.entity_type = 'buyer'
        and l.relation in ('device', 'address', 'payment_token')
        and i.degree > 1
),

sizes as (
    select
        l.relation,
        l.identifier_id,
        s.as_of,
        cast(count(*) as double) as accounts
    from shared as l
    inner join features.snapshots as s
        on
            s.entity_type = 'buyer'
            and l.first_seen_at < cast(s.as_of as timestamp)
    group by l.relation, l.identifier_id, s.as_of
),

busiest as (
    select
        l.entity_id as buyer_id,
        z.as_of,
        max(z.accounts) filter (where l.relation = 'device')
            as device_accounts,
        max(z.accounts) filter (where l.relation = 'address')
            as address_accounts,
        max(z.accounts) filter (where l.relation = 'payment_token')
            as payment_token_accounts
    from shared as l
    inner join sizes as z
        on
            l.relation = z.relation
            and l.identifier_id = z.identifier_id
            and l.first_seen_at < cast(z.as_of as timestamp)
    inner join features.described as d
        on
            d.entity_type = 'buyer'
            and l.entity_id = d.entity_id
            and z.as_of = d.as_of
    group by l.entity_id, z.as_of
)

select * from busiest
