-- Who shares a device, an address, a payment token, a network or a bank with whom.
--
-- A tie weighs 1 / ln(1 + accounts that used the identifier by then): rare is strong.
-- From the day an identifier is a crowd's it ties nobody: a network with its 11th
-- account (a carrier or an office), anything else with its 61st. What two share of a
-- second kind counts double, of a third threefold.
--
-- grain:   entity_type, entity_id, neighbour_id, relation, identifier_id
-- params:  none
-- returns: entity_type    varchar    merchant, creator, buyer
--          entity_id      varchar
--          entity_key     bigint     of facts.entity_keys
--          neighbour_id   varchar    of the same type
--          neighbour_key  bigint     its number
--          relation       varchar    device, ip, address, payment_token, bank_account
--          relation_key   bigint     its number
--          identifier_id  varchar    masked
--          weight         double     rarity when the tie was made
--          kind           bigint     1 = first kind of identifier_key they shared, 2 = second
--          apart_days     bigint     days between their registrations
--          known_from     timestamp  both had used it from then
--          known_until    timestamp  too crowded from then; null = never
with shared_identifiers as (
    select
        relation,
        identifier_id,
        row_number() over (
            order by relation asc nulls last, identifier_id asc nulls last
        ) as identifier_key,
        dense_rank() over (order by relation asc nulls last) as relation_key
    from graph.identifiers
    where degree > 1
),

-- Whole numbers are sorted and compared faster than ids.
identifier_uses as (
    select
        n.entity_key,
        n.entity_type,
        t.identifier_key,
        t.relation,
        l.first_seen_at,
        hub_size(t.relation) as crowd,
        row_number() over (
            partition by t.identifier_key
            order by l.first_seen_at asc nulls last, n.entity_key asc nulls last
        ) as place
    from graph.links as l
    inner join shared_identifiers as t
        on l.relation = t.relation and l.identifier_id = t.identifier_id
    inner join facts.entity_keys as n
        on l.entity_type = n.entity_type and l.entity_id = n.entity_id
),

crowd_starts as (
    select
        identifier_key,
        first_seen_at as crowded_at
    from identifier_uses
    where place = crowd + 1
),

tying_uses as (
    select *
    from identifier_uses
    where place <= crowd
),

ties as (
    select
        a.entity_key,
        b.entity_key as neighbour_key,
        a.identifier_key,
        a.relation,
        1.0 / ln(1.0 + greatest(a.place, b.place)) as weight,
        greatest(a.first_seen_at, b.first_seen_at) as known_from
    from tying_uses as a
    inner join tying_uses as b
        on
            a.identifier_key = b.identifier_key
            and a.entity_type = b.entity_type
            and a.entity_key < b.entity_key
),

-- Most pairs share one identifier_key and need no counting of kinds.
multiple_ties as (
    select
        entity_key,
        neighbour_key
    from ties
    group by entity_key, neighbour_key
    having min(identifier_key) < max(identifier_key)
),

tie_turns as (
    select
        t.entity_key,
        t.neighbour_key,
        t.identifier_key,
        row_number() over (
            partition by t.entity_key, t.neighbour_key
            order by
                t.known_from asc nulls last,
                t.identifier_key asc nulls last
        ) as turn,
        row_number() over (
            partition by t.entity_key, t.neighbour_key, t.relation
            order by
                t.known_from asc nulls last,
                t.identifier_key asc nulls last
        ) as turn_of_relation
    from ties as t
    inner join multiple_ties as v
        on
            t.entity_key = v.entity_key
            and t.neighbour_key = v.neighbour_key
),

relation_turns as (
    select
        entity_key,
        neighbour_key,
        identifier_key,
        sum(case when turn_of_relation = 1 then 1 else 0 end) over (
            partition by entity_key, neighbour_key
            order by turn asc nulls last
            rows between unbounded preceding and current row
        ) as kind
    from tie_turns
),

entities as (
    select
        n.entity_key,
        n.entity_type,
        n.entity_id,
        e.registered_at
    from facts.entity_keys as n
    inner join graph.entities as e
        on n.entity_type = e.entity_type and n.entity_id = e.entity_id
),

pairs as (
    select
        a.entity_type,
        a.entity_id,
        a.entity_key,
        b.entity_id as neighbour_id,
        b.entity_key as neighbour_key,
        t.relation,
        i.relation_key,
        i.identifier_id,
        t.weight,
        cast(coalesce(k.kind, 1) as bigint) as kind,
        abs(date_diff('day', a.registered_at, b.registered_at)) as apart_days,
        t.known_from,
        c.crowded_at as known_until
    from ties as t
    inner join shared_identifiers as i on t.identifier_key = i.identifier_key
    inner join entities as a on t.entity_key = a.entity_key
    inner join entities as b on t.neighbour_key = b.entity_key
    left join relation_turns as k
        on
            t.entity_key = k.entity_key
            and t.neighbour_key = k.neighbour_key
            and t.identifier_key = k.identifier_key
    left join crowd_starts as c on t.identifier_key = c.identifier_key
),

final as (
    select * from pairs
    union all
    select
        entity_type,
        neighbour_id as entity_id,
        neighbour_key as entity_key,
        entity_id as neighbour_id,
        entity_key as neighbour_key,
        relation,
        relation_key,
        identifier_id,
        weight,
        kind,
        apart_days,
        known_from,
        known_until
    from pairs
)

select * from final
