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
with buyer_links as (
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        'device' as relation,
        device_id as identifier_id,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        count(*) as evidence_count
    from staging.order_attempts
    where device_id is not null
    group by buyer_id, device_id
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        'ip' as relation,
        ip_id as identifier_id,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        count(*) as evidence_count
    from staging.order_attempts
    where ip_id is not null
    group by buyer_id, ip_id
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        'address' as relation,
        address_id as identifier_id,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        count(*) as evidence_count
    from staging.order_attempts
    where address_id is not null
    group by buyer_id, address_id
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        'payment_token' as relation,
        payment_token_id as identifier_id,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        count(*) as evidence_count
    from staging.order_attempts
    where payment_token_id is not null
    group by buyer_id, payment_token_id
),

creator_keys as (
    select
        creator_id,
        registered_at,
        unnest([
            { 'relation': 'device', 'identifier_id': device_id },
            { 'relation': 'bank_account', 'identifier_id': bank_account_id }
        ]) as used
    from staging.creators
),

creator_links as (
    select
        'creator' as entity_type,
        creator_id as entity_id,
        used.relation,
        used.identifier_id,
        registered_at as first_seen_at,
        registered_at as last_seen_at,
        cast(1 as bigint) as evidence_count
    from creator_keys
),

merchant_keys as (
    select
        merchant_id,
        registered_at,
        unnest([
            { 'relation': 'bank_account', 'identifier_id': bank_account_id },
            { 'relation': 'address', 'identifier_id': return_address_id }
        ]) as used
    from staging.merchants
),

merchant_links as (
    select
        'merchant' as entity_type,
        merchant_id as entity_id,
        used.relation,
        used.identifier_id,
        registered_at as first_seen_at,
        registered_at as last_seen_at,
        cast(1 as bigint) as evidence_count
    from merchant_keys
),

all_links as (
    select * from buyer_links
    union all
    select * from creator_links
    union all
    select * from merchant_links
)

select * from all_links
where identifier_id is not null
