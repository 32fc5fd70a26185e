-- Who shares a device, an address, a payment token, a network or a bank with whom.
--
-- A tie weighs 1 / ln(1 + accounts that used the identifier by then): rare is strong.
-- From the day an identifier is a crowd's it ties nobody: a network with its 11th
-- account (a carrier or an office), anything else with its 61st. What two share of a
-- second kind counts double, of a third threefold.
--
-- grain:   entity_type, entity_id, companion_id, relation, identifier_id
-- params:  none
-- returns: entity_type       varchar    merchant, creator, buyer
--          entity_id         varchar
--          number            bigint     of features.entity_numbers
--          companion_id      varchar    of the same type
--          companion_number  bigint     its number
--          relation          varchar    device, ip, address, payment_token, bank_account
--          identifier_id     varchar    masked
--          weight            double     rarity when the tie was made
--          kind              bigint     1 = first kind of thing they shared, 2 = second
--          apart_days        bigint     days between their registrations
--          known_from        timestamp  both had used it from then
--          known_until       timestamp  too crowded from then; null = never
with shared as (
    select
        l.entity_type,
        l.entity_id,
        n.number,
        l.relation,
        l.identifier_id,
        l.first_seen_at
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    inner join features.entity_numbers as n
        on l.entity_type = n.entity_type and l.entity_id = n.entity_id
    where i.degree > 1
),

placed as (
    select
        *,
        row_number() over (
            partition by relation, identifier_id
            order by
                first_seen_at asc nulls last,
                number asc nulls last
        ) as place
    from shared
),

capped as (
    select
        *,
        case when relation = 'ip' then 10 else 60 end as crowd
    from placed
),

crowded as (
    select
        relation,
        identifier_id,
        first_seen_at as crowded_at
    from capped
    where place = crowd + 1
),

kept as (
    select *
    from capped
    where place <= crowd
),

ties as (
    select
        a.entity_type,
        a.entity_id,
        a.number,
        b.entity_id as companion_id,
        b.number as companion_number,
        a.relation,
        a.identifier_id,
        1.0 / ln(1.0 + greatest(a.place, b.place)) as weight,
        greatest(a.first_seen_at, b.first_seen_at) as known_from,
        c.crowded_at as known_until
    from kept as a
    inner join kept as b
        on
            a.entity_type = b.entity_type
            and a.relation = b.relation
            and a.identifier_id = b.identifier_id
            and a.number < b.number
    left join crowded as c
        on a.relation = c.relation and a.identifier_id = c.identifier_id
),

numbered as (
    select
        *,
        row_number() over (
            partition by number, companion_number
            order by
                known_from asc nulls last,
                relation asc nulls last,
                identifier_id asc nulls last
        ) as turn,
        row_number() over (
            partition by number, companion_number, relation
            order by known_from asc nulls last, identifier_id asc nulls last
        ) as turn_of_kind
    from ties
),

kinds as (
    select
        *,
        sum(case when turn_of_kind = 1 then 1 else 0 end) over (
            partition by number, companion_number
            order by turn asc nulls last
            rows between unbounded preceding and current row
        ) as kind
    from numbered
),

related as (
    select
        k.entity_type,
        k.entity_id,
        k.number,
        k.companion_id,
        k.companion_number,
        k.relation,
        k.identifier_id,
        k.weight,
        cast(k.kind as bigint) as kind,
        abs(date_diff('day', a.registered_at, b.registered_at)) as apart_days,
        k.known_from,
        k.known_until
    from kinds as k
    inner join graph.entities as a
        on k.entity_type = a.entity_type and k.entity_id = a.entity_id
    inner join graph.entities as b
        on k.entity_type = b.entity_type and k.companion_id = b.entity_id
),

described as (
    select * from related
    union all
    select
        entity_type,
        companion_id as entity_id,
        companion_number as number,
        entity_id as companion_id,
        number as companion_number,
        relation,
        identifier_id,
        weight,
        kind,
        apart_days,
        known_from,
        known_until
    from related
)

select * from described
