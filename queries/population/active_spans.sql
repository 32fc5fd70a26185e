-- Stretches during which an entity had an order or a refund every 90 days.
--
-- Whoever has one that covers a snapshot was active then. Of a type with many
-- members some are followed all the time and the others only lately; the hash bucket
-- says who comes first, by a hash, so that it is nobody's choice and the same in
-- every build.
--
-- grain:   entity_type, entity_id, first_day
-- params:  none
-- returns: entity_type  varchar  merchant, creator, product, buyer
--          entity_id    varchar
--          first_day    date
--          last_day     date     active until 90 days later
--          entity_key   bigint   of facts.entity_keys
--          hash_bucket  bigint   0 to 65535, evenly spread
with days as (
    select
        entity_key,
        day
    from days.order_days
    union all
    select
        entity_key,
        day
    from days.refund_days
    union all
    select
        n.entity_key,
        f.day
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and f.buyer_id = n.entity_id
    union all
    select
        n.entity_key,
        f.day
    from facts.refund_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and f.buyer_id = n.entity_id
),

-- Most stretch over less than the 90 days after which one would end.
whole_spans as (
    select
        entity_key,
        min(day) as first_day,
        max(day) as last_day
    from days
    group by entity_key
),

gaps as (
    select
        d.entity_key,
        d.day,
        lead(d.day) over (
            partition by d.entity_key
            order by d.day
        ) as next_day
    from days as d
    inner join whole_spans as l
        on d.entity_key = l.entity_key and l.last_day > l.first_day + 90
),

-- Where one ends, and where the next begins.
breaks as (
    select
        entity_key,
        day as last_day,
        next_day as first_day
    from gaps
    where next_day > day + 90
),

first_days as (
    select
        entity_key,
        first_day
    from whole_spans
    union all
    select
        entity_key,
        first_day
    from breaks
),

last_days as (
    select
        entity_key,
        last_day
    from whole_spans
    union all
    select
        entity_key,
        last_day
    from breaks
),

spans as (
    select
        b.entity_key,
        b.first_day,
        min(e.last_day) as last_day
    from first_days as b
    inner join last_days as e
        on b.entity_key = e.entity_key and b.first_day <= e.last_day
    group by b.entity_key, b.first_day
),

id_hashes as (
    select
        n.entity_type,
        n.entity_id,
        s.first_day,
        s.last_day,
        s.entity_key,
        md5(n.entity_id) as hash
    from spans as s
    inner join facts.entity_keys as n on s.entity_key = n.entity_key
),

final as (
    select
        entity_type,
        entity_id,
        first_day,
        last_day,
        entity_key,
        cast(
            (strpos('0123456789abcdef', substr(hash, 1, 1)) - 1) * 4096
            + (strpos('0123456789abcdef', substr(hash, 2, 1)) - 1) * 256
            + (strpos('0123456789abcdef', substr(hash, 3, 1)) - 1) * 16
            + strpos('0123456789abcdef', substr(hash, 4, 1)) - 1 as bigint
        ) as hash_bucket
    from id_hashes
)

select * from final
