-- What share of all accounts was confirmed bad by each snapshot.
--
-- Few neighbours say little; their share of confirmed bad ones is drawn towards this,
-- as if five more neighbours were as bad as everybody (a Beta prior).
--
-- grain:   entity_type, as_of
-- params:  none
-- returns: entity_type  varchar  merchant, creator, buyer
--          as_of        date
--          base_rate    double   share 0..1: confirmed bad of all registered by then
with dates as (
    select distinct as_of from facts.snapshots
),

bad_counts as (
    select
        v.entity_type,
        d.as_of,
        count(*) as bad
    from facts.verdicts as v
    inner join dates as d
        on
            in_force(v.known_day, v.replaced_day, d.as_of)
    where v.label = 'bad'
    group by v.entity_type, d.as_of
),

arrivals as (
    select
        entity_type,
        cast(registered_at as date) as day,
        count(*) as accounts
    from graph.entities
    where entity_type in ('merchant', 'creator', 'buyer')
    group by entity_type, day
),

account_counts as (
    select
        a.entity_type,
        d.as_of,
        cast(sum(a.accounts) as double) as accounts
    from arrivals as a
    inner join dates as d on a.day < d.as_of
    group by a.entity_type, d.as_of
),

final as (
    select
        r.entity_type,
        r.as_of,
        coalesce(c.bad, 0) / r.accounts as base_rate
    from account_counts as r
    left join bad_counts as c
        on r.entity_type = c.entity_type and r.as_of = c.as_of
)

select * from final
