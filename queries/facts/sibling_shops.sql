-- Shops that share a bank account, a back-office device or a return address.
--
-- An identifier of more than 20 shops is a forwarder's or a service's and ties
-- nobody: from the day its 21st shop opened it no longer counts.
--
-- grain:   merchant_id, sibling_id, relation
-- params:  none
-- returns: merchant_id    varchar
--          sibling_id     varchar
--          relation       varchar    bank_account, device, return_address
--          identifier_id  varchar    masked
--          known_from     timestamp  both shops were open from then
--          known_until    timestamp  too crowded from then; null = never
--          closed_at      timestamp  when the sibling closed; null = open
with relations as (
    select 'bank_account' as relation
    union all
    select 'device' as relation
    union all
    select 'return_address' as relation
),

identifiers as (
    select
        m.merchant_id,
        m.registered_at,
        m.closed_at,
        k.relation,
        case k.relation
            when 'bank_account' then m.bank_account_id
            when 'device' then m.device_id
            else m.return_address_id
        end as identifier_id
    from staging.merchants as m
    cross join relations as k
),

identifier_merchants as (
    select
        *,
        row_number() over (
            partition by relation, identifier_id
            order by registered_at asc nulls last, merchant_id asc nulls last
        ) as place
    from identifiers
    where identifier_id is not null
),

crowded_identifiers as (
    select
        relation,
        identifier_id,
        registered_at as crowded_at
    from identifier_merchants
    where place = most_sharers() + 1
),

final as (
    select
        a.merchant_id,
        b.merchant_id as sibling_id,
        a.relation,
        a.identifier_id,
        greatest(a.registered_at, b.registered_at) as known_from,
        c.crowded_at as known_until,
        b.closed_at
    from identifier_merchants as a
    inner join identifier_merchants as b
        on a.relation = b.relation and a.identifier_id = b.identifier_id
    left join crowded_identifiers as c
        on a.relation = c.relation and a.identifier_id = c.identifier_id
    where
        a.merchant_id <> b.merchant_id
        and (
            c.crowded_at is null
            or greatest(a.registered_at, b.registered_at) < c.crowded_at
        )
)

select * from final
