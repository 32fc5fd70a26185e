-- Which account used which device, network, address, payment token or bank.
--
-- grain:   entity_type, entity_id, relation, identifier_id
-- params:  none
-- returns: entity_type     varchar
--          entity_id       varchar
--          relation        varchar    device, ip, address, payment_token, bank_account
--          identifier_id   varchar    masked
--          first_seen_at   timestamp
--          last_seen_at    timestamp
--          evidence_count  bigint     orders or registrations behind the link
with order_keys as (
    select
        buyer_id,
        created_at,
        unnest(['device', 'ip', 'address', 'payment_token']) as relation,
        unnest([device_id, ip_id, address_id, payment_token_id])
            as identifier_id
    from staging.orders
),

buyer_links as (
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        relation,
        identifier_id,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        count(*) as evidence_count
    from order_keys
    where identifier_id is not null
    group by buyer_id, relation, identifier_id
),

creator_links as (
    select
        'creator' as entity_type,
        creator_id as entity_id,
        unnest(['device', 'bank_account']) as relation,
        unnest([device_id, bank_account_id]) as identifier_id,
        registered_at as first_seen_at,
        registered_at as last_seen_at,
        cast(1 as bigint) as evidence_count
    from staging.creators
),

merchant_links as (
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        unnest(['bank_account', 'address']) as relation,
        unnest([bank_account_id, return_address_id]) as identifier_id,
        registered_at as first_seen_at,
        registered_at as last_seen_at,
        cast(1 as bigint) as evidence_count
    from staging.merchants
),

everyone as (
    select * from buyer_links
    union all
    select * from creator_links
    union all
    select * from merchant_links
)

select * from everyone
where identifier_id is not null
