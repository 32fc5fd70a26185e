-- Accounts of the lockstep group that one buyer belongs to.
--
-- grain:   account_id
-- params:  entity_id   varchar  the buyer
--          as_of       date     what was known before this day
-- returns: account_id  varchar
--          name        varchar  as typed
--          core        double   core number
--          mates       bigint   accounts of the group it is in lockstep with
with members as (
    select
        m.buyer_id,
        m.core
    from similarity.lockstep_groups as o
    inner join similarity.lockstep_groups as m
        on o.group_id = m.group_id and o.as_of = m.as_of
    where o.buyer_id = $entity_id and o.as_of = cast($as_of as date)
),

pairs as (
    select distinct
        p.buyer_id,
        p.partner_id
    from graph.lockstep_pairs as p
    inner join members as m on p.partner_id = m.buyer_id
    where p.reached_day < $as_of
),

partner_counts as (
    select
        buyer_id,
        count(*) as mates
    from pairs
    group by buyer_id
),

final as (
    select
        m.buyer_id as account_id,
        e.name,
        m.core,
        c.mates
    from members as m
    inner join partner_counts as c on m.buyer_id = c.buyer_id
    inner join graph.entities as e
        on e.entity_type = 'buyer' and m.buyer_id = e.entity_id
)

select * from final
order by mates desc nulls last, account_id asc nulls last
