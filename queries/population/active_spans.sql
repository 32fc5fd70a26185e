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
--          number       bigint   of facts.entity_keys
--          turn         bigint   0 to 65535, evenly spread
with days as (
    select
        number,
        day
    from days.order_days
    union all
    select
        number,
        day
    from days.refund_days
    union all
    select
        n.number,
        f.day
    from facts.order_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and f.buyer_id = n.entity_id
    union all
    select
        n.number,
        f.day
    from facts.refund_facts as f
    inner join facts.entity_keys as n
        on n.entity_type = 'buyer' and f.buyer_id = n.entity_id
),

-- Most stretch over less than the 90 days after which one would end.
long as (
    select
        number,
        min(day) as first_day,
        max(day) as last_day
    from days
    group by number
),

gaps as (
    select
        d.number,
        d.day,
        lead(d.day) over (
            partition by d.number
            order by d.day
        ) as next_day
    from days as d
    inner join long as l
        on d.number = l.number and l.last_day > l.first_day + 90
),

-- Where one ends, and where the next begins.
breaks as (
    select
        number,
        day as last_day,
        next_day as first_day
    from gaps
    where next_day > day + 90
),

bounds as (
    select
        number,
        first_day
    from long
    union all
    select
        number,
        first_day
    from breaks
),

ends as (
    select
        number,
        last_day
    from long
    union all
    select
        number,
        last_day
    from breaks
),

spans as (
    select
        b.number,
        b.first_day,
        min(e.last_day) as last_day
    from bounds as b
    inner join ends as e
        on b.number = e.number and b.first_day <= e.last_day
    group by b.number, b.first_day
),

hashed as (
    select
        n.entity_type,
        n.entity_id,
        s.first_day,
        s.last_day,
        s.number,
        md5(n.entity_id) as hash
    from spans as s
    inner join facts.entity_keys as n on s.number = n.number
),

described as (
    select
        entity_type,
        entity_id,
        first_day,
        last_day,
        number,
        cast(
            (strpos('0123456789abcdef', substr(hash, 1, 1)) - 1) * 4096
            + (strpos('0123456789abcdef', substr(hash, 2, 1)) - 1) * 256
            + (strpos('0123456789abcdef', substr(hash, 3, 1)) - 1) * 16
            + strpos('0123456789abcdef', substr(hash, 4, 1)) - 1 as bigint
        ) as turn
    from hashed
)

select * from described
