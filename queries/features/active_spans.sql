-- Stretches during which an entity had an order or a refund every 90 days.
--
-- Whoever has one that covers a snapshot was active then. Of a type with many
-- members some are followed all the time and the others only lately; the turn
-- says who comes first, by a hash, so that it is nobody's choice and the same in
-- every build.
--
-- grain:   entity_type, entity_id, first_day
-- params:  none
-- returns: entity_type  varchar  merchant, creator, product, buyer
--          entity_id    varchar
--          first_day    date
--          last_day     date     active until 90 days later
--          number       bigint   of features.entity_numbers
--          turn         bigint   0 to 65535, evenly spread
with days as (
    select
        entity_type,
        entity_id,
        day
    from features.order_days
    union all
    select
        entity_type,
        entity_id,
        day
    from features.refund_days
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        day
    from features.order_facts
    union all
    select
        'buyer' as entity_type,
        buyer_id as entity_id,
        day
    from features.refund_facts
),

-- Most stretch over less than the 90 days after which one would end.
long as (
    select
        entity_type,
        entity_id,
        min(day) as first_day,
        max(day) as last_day
    from days
    group by entity_type, entity_id
),

gaps as (
    select
        d.entity_type,
        d.entity_id,
        d.day,
        lead(d.day) over (
            partition by d.entity_type, d.entity_id
            order by d.day
        ) as next_day
    from days as d
    inner join long as l
        on
            d.entity_type = l.entity_type
            and d.entity_id = l.entity_id
            and l.last_day > l.first_day + 90
),

-- Where one ends, and where the next begins.
breaks as (
    select
        entity_type,
        entity_id,
        day as last_day,
        next_day as first_day
    from gaps
    where next_day > day + 90
),

bounds as (
    select
        entity_type,
        entity_id,
        first_day
    from long
    union all
    select
        entity_type,
        entity_id,
        first_day
    from breaks
),

ends as (
    select
        entity_type,
        entity_id,
        last_day
    from long
    union all
    select
        entity_type,
        entity_id,
        last_day
    from breaks
),

spans as (
    select
        b.entity_type,
        b.entity_id,
        b.first_day,
        min(e.last_day) as last_day
    from bounds as b
    inner join ends as e
        on
            b.entity_type = e.entity_type
            and b.entity_id = e.entity_id
            and b.first_day <= e.last_day
    group by b.entity_type, b.entity_id, b.first_day
),

hashed as (
    select
        *,
        md5(entity_id) as hash
    from spans
),

described as (
    select
        h.entity_type,
        h.entity_id,
        h.first_day,
        h.last_day,
        n.number,
        cast(
            (strpos('0123456789abcdef', substr(h.hash, 1, 1)) - 1) * 4096
            + (strpos('0123456789abcdef', substr(h.hash, 2, 1)) - 1) * 256
            + (strpos('0123456789abcdef', substr(h.hash, 3, 1)) - 1) * 16
            + strpos('0123456789abcdef', substr(h.hash, 4, 1)) - 1 as bigint
        ) as turn
    from hashed as h
    inner join features.entity_numbers as n
        on h.entity_type = n.entity_type and h.entity_id = n.entity_id
)

select * from described
