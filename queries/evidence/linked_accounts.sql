-- Accounts of the same type that share something with one entity, nearest first.
--
-- grain:   neighbour_id
-- params:  entity_type       varchar    merchant, creator or buyer
--          entity_id         varchar
--          as_of             date       what was known before this day
--          days              bigint     length of the window
-- returns: neighbour_id      varchar
--          name              varchar    as typed
--          shared            varchar    what they share
--          is_close          integer    they share two kinds of things
--          strength          double     ties by rarity, a second kind double
--          known_from        timestamp  UTC, since they share something
--          apart_days        bigint     days between their registrations
--          is_confirmed_bad  integer    its last verdict at as_of is bad
--          base_rate         double     share of all accounts confirmed bad
--          refunds           bigint     refunds it asked for in the window
--          vouchers          bigint     new-buyer vouchers it used in the window
--          own_refunds       bigint     refunds the entity asked for in the window
--          low_rated_shops   bigint     shops both gave one or two stars in the window
with neighbours as (
    select
        neighbour_id,
        string_agg(distinct relation, ', ' order by relation) as shared,
        case when min(relation) < max(relation) then 1 else 0 end as is_close,
        sum(weight * kind) as strength,
        min(known_from) as known_from,
        min(apart_days) as apart_days
    from similarity.shared_identifier_neighbours
    where
        entity_type = $entity_type
        and entity_id = $entity_id
        and valid_at(known_from, known_until, $as_of)
    group by neighbour_id
),

refunds as (
    select
        buyer_id,
        count(*) as refunds
    from facts.refund_facts
    where
        within(day, $as_of, $days)
    group by buyer_id
),

vouchers as (
    select
        buyer_id,
        sum(is_new_buyer_voucher) as vouchers
    from facts.order_facts
    where
        within(day, $as_of, $days)
    group by buyer_id
),

low_ratings as (
    select distinct
        buyer_id,
        merchant_id
    from facts.review_facts
    where
        is_low_star = 1
        and within(day, $as_of, $days)
),

co_targeted_merchants as (
    select
        b.buyer_id,
        count(*) as shops
    from low_ratings as a
    inner join low_ratings as b on a.merchant_id = b.merchant_id
    where a.buyer_id = $entity_id
    group by b.buyer_id
),

final as (
    select
        c.neighbour_id,
        e.name,
        c.shared,
        c.is_close,
        c.strength,
        c.known_from,
        c.apart_days,
        case when v.entity_id is null then 0 else 1 end as is_confirmed_bad,
        b.base_rate,
        case
            when $entity_type = 'buyer' then coalesce(r.refunds, 0)
        end as refunds,
        case
            when $entity_type = 'buyer'
                then cast(coalesce(n.vouchers, 0) as bigint)
        end as vouchers,
        case
            when $entity_type = 'buyer' then coalesce(w.refunds, 0)
        end as own_refunds,
        case
            when $entity_type = 'buyer' then coalesce(g.shops, 0)
        end as low_rated_shops
    from neighbours as c
    inner join graph.entities as e
        on e.entity_type = $entity_type and c.neighbour_id = e.entity_id
    inner join population.base_rates as b
        on b.entity_type = $entity_type and b.as_of = cast($as_of as date)
    left join facts.verdicts as v
        on
            v.entity_type = $entity_type
            and c.neighbour_id = v.entity_id
            and v.label = 'bad'
            and in_force(v.known_day, v.replaced_day, $as_of)
    left join refunds as r on c.neighbour_id = r.buyer_id
    left join refunds as w on w.buyer_id = $entity_id
    left join vouchers as n on c.neighbour_id = n.buyer_id
    left join co_targeted_merchants as g on c.neighbour_id = g.buyer_id
)

select * from final
order by
    strength desc nulls last,
    neighbour_id asc nulls last
