-- Values that stand where an identifier is not known: they tie nobody to anybody.
--
-- Listed here, delivered by the marketplace in `placeholders`, or a hub: shared by so
-- many that no ring explains it. A list entry counts in clear and as its MD5, SHA-1 or
-- SHA-256, since identifiers are masked by hashing whatever was there. A short text
-- is what many people write and stays; a long one that many share is a machine's.
--
-- grain:   value, relation
-- params:  none
-- returns: value     varchar  small letters, no blanks around it
--          relation  varchar  of what kind; null = of every kind
--          reason    varchar  listed, delivered or hub
--          users     bigint   accounts, listings or parcels that share a hub
with listed as (
    select unnest(placeholder_words()) as value
    union
    select unnest(['', ' ', '0', '-', '0.0.0.0']) as value
),

digests as (
    select value from listed
    union
    select md5(value) as value from listed
    union
    select sha1(value) as value from listed
    union
    select sha256(value) as value from listed
),

-- One value per row: who is seen with what, by table and kind.
order_uses as (
    select
        buyer_id as user_id,
        unnest([
            { 'source': 'device of orders', 'value': device_id },
            { 'source': 'ip of orders', 'value': ip_id },
            { 'source': 'address of orders', 'value': address_id },
            { 'source': 'payment_token of orders', 'value': payment_token_id }
        ]) as used
    from raw.orders
),

merchant_uses as (
    select
        merchant_id as user_id,
        unnest([
            { 'source': 'bank_account of merchants', 'value': bank_account_id },
            { 'source': 'address of merchants', 'value': return_address_id },
            { 'source': 'device of merchants', 'value': device_id }
        ]) as used
    from raw.merchants
),

creator_uses as (
    select
        creator_id as user_id,
        unnest([
            { 'source': 'bank_account of creators', 'value': bank_account_id },
            { 'source': 'device of creators', 'value': device_id },
            { 'source': 'ip of creators', 'value': ip_id }
        ]) as used
    from raw.creators
),

sign_in_uses as (
    select
        account_type || ':' || account_id as user_id,
        unnest([
            { 'source': 'device of auth_events', 'value': device_id },
            { 'source': 'ip of auth_events', 'value': ip_id }
        ]) as used
    from raw.auth_events
),

uses as (
    select * from order_uses
    union all
    select * from merchant_uses
    union all
    select * from creator_uses
    union all
    select * from sign_in_uses
    union all
    select
        shipment_id as user_id,
        { 'source': 'tracking of shipments', 'value': tracking_number } as used
    from raw.shipments
    union all
    select
        product_id as user_id,
        { 'source': 'image of products', 'value': image_id } as used
    from raw.products
    union all
    select
        order_id as user_id,
        { 'source': 'text of reviews', 'value': body } as used
    from raw.reviews
    where length(body) >= short_text()
    union all
    select
        order_id as user_id,
        { 'source': 'text of refunds', 'value': claim_text } as used
    from raw.refunds
    where length(claim_text) >= short_text()
),

known_uses as (
    select
        user_id,
        used.source,
        lower(trim(used.value)) as value
    from uses
    where regexp_matches(used.value, '[^0\s:.,_/#?!*+-]')
),

totals as (
    select
        source,
        count(distinct user_id) as users
    from known_uses
    group by source
),

frequent as (
    select
        source,
        value
    from known_uses
    group by source, value
    having count(*) >= hub_users()
),

hubs as (
    select
        k.value,
        split_part(k.source, ' of ', 1) as relation,
        k.source,
        count(distinct k.user_id) as users
    from known_uses as k
    inner join frequent as f on k.source = f.source and k.value = f.value
    group by k.value, k.source
),

final as (
    select
        value,
        cast(null as varchar) as relation,
        'listed' as reason,
        cast(null as bigint) as users
    from digests
    union all
    select distinct
        lower(trim(value)) as value,
        cast(null as varchar) as relation,
        'delivered' as reason,
        cast(null as bigint) as users
    from raw.placeholders
    where lower(trim(value)) not in (select value from digests)
    union all
    select
        h.value,
        h.relation,
        'hub' as reason,
        max(h.users) as users
    from hubs as h
    inner join totals as t on h.source = t.source
    left join digests as d on h.value = d.value
    where
        h.users >= hub_users()
        and h.users >= hub_share() * t.users
        and d.value is null
    group by h.value, h.relation
)

select * from final
