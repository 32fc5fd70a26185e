-- How many accounts shared a buyer's devices, addresses and tokens by then.
--
-- The others of its household count as the buyer itself: a family shares a phone, a home and
-- a card, and a crowd of strangers does not (facts.housemates).
--
-- grain:   buyer_id, as_of
-- params:  none
-- returns: buyer_id                varchar
--          as_of                   date
--          device_accounts         double   accounts on its most shared device
--          address_accounts        double   accounts at its most shared address
--          payment_token_accounts  double   accounts on its most shared token
--          observation_id          bigint   of population.observations
with shared_identifiers as (
    select
        n.entity_key,
        l.relation,
        l.identifier_id,
        cast(l.first_seen_at as date) as day
    from graph.links as l
    inner join graph.identifiers as i
        on l.relation = i.relation and l.identifier_id = i.identifier_id
    inner join facts.entity_keys as n
        on l.entity_type = n.entity_type and l.entity_id = n.entity_id
    where
        l.entity_type = 'buyer'
        and l.relation in ('device', 'address', 'payment_token')
        and i.degree > 1
),

arrivals as (
    select
        relation,
        identifier_id,
        day,
        count(*) as arrivals
    from shared_identifiers
    group by relation, identifier_id, day
),

-- From one day with a new account until the next: few, however many snapshots.
account_counts as (
    select
        relation,
        identifier_id,
        day,
        sum(arrivals) over (
            partition by relation, identifier_id
            order by day asc nulls last
            rows between unbounded preceding and current row
        ) as accounts,
        lead(day) over (
            partition by relation, identifier_id
            order by day asc nulls last
        ) as next_day
    from arrivals
),

memberships as (
    select
        l.entity_key,
        l.relation,
        l.identifier_id,
        z.accounts,
        z.day,
        z.next_day
    from shared_identifiers as l
    inner join account_counts as z
        on
            l.relation = z.relation
            and l.identifier_id = z.identifier_id
            and l.day <= z.day
),

-- Where housemates met on an identifier, and since when both are known to be that.
household_ties as (
    select
        h.entity_key,
        a.relation,
        a.identifier_id,
        greatest(a.day, b.day, cast(h.known_from as date)) as day
    from facts.housemates as h
    inner join shared_identifiers as a on h.entity_key = a.entity_key
    inner join shared_identifiers as b
        on
            h.housemate_key = b.entity_key
            and a.relation = b.relation
            and a.identifier_id = b.identifier_id
),

household_counts as (
    select
        d.observation_id,
        t.relation,
        t.identifier_id,
        count(*) as housemates
    from household_ties as t
    inner join population.buyer_spine as d
        on t.entity_key = d.entity_key and t.day < d.as_of
    group by d.observation_id, t.relation, t.identifier_id
),

strangers as (
    select
        d.observation_id,
        l.relation,
        l.accounts - coalesce(h.housemates, 0) as accounts
    from memberships as l
    inner join population.buyer_spine as d
        on
            l.entity_key = d.entity_key
            and l.day < d.as_of
            and (l.next_day is null or l.next_day >= d.as_of)
    left join household_counts as h
        on
            d.observation_id = h.observation_id
            and l.relation = h.relation
            and l.identifier_id = h.identifier_id
),

maxima as (
    select
        observation_id,
        max(accounts) filter (where relation = 'device') as device_accounts,
        max(accounts) filter (where relation = 'address') as address_accounts,
        max(accounts) filter (where relation = 'payment_token')
            as payment_token_accounts
    from strangers
    group by observation_id
),

final as (
    select
        d.buyer_id,
        d.as_of,
        cast(b.device_accounts as double) as device_accounts,
        cast(b.address_accounts as double) as address_accounts,
        cast(b.payment_token_accounts as double) as payment_token_accounts,
        b.observation_id
    from maxima as b
    inner join population.buyer_spine as d
        on b.observation_id = d.observation_id
)

select * from final
