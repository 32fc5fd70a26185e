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
    select unnest([value, md5(value), sha1(value), sha256(value)]) as value
    from listed
),

-- One value per row: who is seen with what, by table and kind. A table of many rows is
-- read kind by kind, which costs a third less than to lay its rows out as here.
owner_uses as (
    select
        merchant_id as user_id,
        unnest([
            { 'source': 'bank_account of merchants', 'value': bank_account_id },
            { 'source': 'address of merchants', 'value': return_address_id },
            { 'source': 'device of merchants', 'value': device_id }
        ]) as used
    from raw.merchants
    union all
    select
        creator_id as user_id,
        unnest([
            { 'source': 'bank_account of creators', 'value': bank_account_id },
            { 'source': 'device of creators', 'value': device_id },
            { 'source': 'ip of creators', 'value': ip_id }
        ]) as used
    from raw.creators
),

uses as (
    select
        'device of orders' as source,
        buyer_id as user_id,
        device_id as value
    from raw.orders
    union all
    select
        'ip of orders' as source,
        buyer_id as user_id,
        ip_id as value
    from raw.orders
    union all
    select
        'address of orders' as source,
        buyer_id as user_id,
        address_id as value
    from raw.orders
    union all
    select
        'payment_token of orders' as source,
        buyer_id as user_id,
        payment_token_id as value
    from raw.orders
    union all
    select
        used.source,
        user_id,
        used.value
    from owner_uses
    union all
    select
        'device of auth_events' as source,
        account_type || ':' || account_id as user_id,
        device_id as value
    from raw.auth_events
    union all
    select
        'ip of auth_events' as source,
        account_type || ':' || account_id as user_id,
        ip_id as value
    from raw.auth_events
    union all
    select
        'tracking of shipments' as source,
        shipment_id as user_id,
        tracking_number as value
    from raw.shipments
    union all
    select
        'image of products' as source,
        product_id as user_id,
        image_id as value
    from raw.products
    union all
    select
        'text of reviews' as source,
        order_id as user_id,
        body as value
    from raw.reviews
    where length(body) >= short_text()
    union all
    select
        'text of refunds' as source,
        order_id as user_id,
        claim_text as value
    from raw.refunds
    where length(claim_text) >= short_text()
),

-- A value as it is written, once: small letters are made of these, not of every row.
spellings as (
    select
        source,
        value,
        count(*) as times
    from uses
    group by source, value
),

frequent as (
    select
        source,
        lower(trim(value)) as value,
        list(value) as spelled
    from spellings
    where regexp_matches(value, '[^0\s:.,_/#?!*+-]')
    group by source, lower(trim(value))
    having sum(times) >= hub_users()
),

totals as (
    select
        source,
        count(distinct user_id) as users
    from uses
    where
        source in (select source from frequent)
        and regexp_matches(value, '[^0\s:.,_/#?!*+-]')
    group by source
),

candidates as (
    select
        source,
        value,
        unnest(spelled) as spelling
    from frequent
),

hubs as (
    select
        f.value,
        split_part(f.source, ' of ', 1) as relation,
        f.source,
        count(distinct u.user_id) as users
    from uses as u
    inner join candidates as f on u.source = f.source and u.value = f.spelling
    group by f.value, f.source
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
