-- Everybody of a ring with the part played: who acts, what they sell, who else joins in.
--
-- Of the groups that came together the ones that are none are left out here.
--
-- grain:   node
-- params:  least_actors     bigint  members who make it a ring: no
--                            listings, rooms or accounts that joined
--          even_suspicion   double  suspicion as likely bad as not
-- returns: node         varchar  type:id
--          entity_type  varchar
--          entity_id    varchar
--          cluster      bigint
--          joined_by    varchar  tie, trade, relay, further_account or owner: what put it in
with everybody as (
    select
        node,
        cluster,
        joined_by
    from rings.core
    union all
    select
        node,
        cluster,
        'further_account' as joined_by
    from rings.further_accounts
),

typed as (
    select
        node,
        split_part(node, ':', 1) as entity_type,
        substr(node, strpos(node, ':') + 1) as entity_id,
        cluster,
        joined_by
    from everybody
),

likely_counts as (
    select
        t.cluster,
        sum(flag(s.suspicion >= $even_suspicion)) as likely_count
    from typed as t
    left join rings.suspects as s on t.node = s.node
    group by t.cluster
),

tied_pairs as (
    select distinct
        src,
        dst
    from rings.ties
),

-- Of three accounts one who shares a thing with each of the others is a flatmate of one.
rows_of_three as (
    select a.cluster
    from typed as a
    left join typed as b on a.cluster = b.cluster and a.node < b.node
    left join tied_pairs as t on a.node = t.src and b.node = t.dst
    group by a.cluster
    having
        count(distinct a.node) = 3
        and bool_and(a.entity_type = 'buyer')
        and count(t.src) < 3
),

-- All ties by one thing, and at most one member as likely bad as not: a warehouse. By one
-- address and nothing else: a dormitory, whatever its people are suspected of.
one_thing as (
    select a.cluster
    from typed as a
    inner join typed as b on a.cluster = b.cluster
    inner join rings.ties as t on a.node = t.src and b.node = t.dst
    inner join likely_counts as n on a.cluster = n.cluster
    group by a.cluster, n.likely_count
    having
        count(distinct t.relation || t.thing_id) = 1
        and (n.likely_count < 2 or bool_and(t.relation = 'address'))
),

-- Three who met somewhere and share one thing besides are people of one address.
common_things as (
    select
        a.cluster,
        count(distinct t.relation || t.thing_id) as thing_count
    from rings.ties as t
    inner join typed as a on t.src = a.node
    inner join typed as b on t.dst = b.node and a.cluster = b.cluster
    where t.relation not like 'same_%'
    group by a.cluster
),

hardly_tied as (
    select t.cluster
    from typed as t
    left join common_things as c on t.cluster = c.cluster
    group by t.cluster
    having
        sum(flag(t.entity_type = 'buyer')) between 1 and 3
        and coalesce(any_value(c.thing_count), 0) < 2
),

final as (
    select *
    from typed
    where
        cluster not in (select r.cluster from rows_of_three as r)
        and cluster not in (select h.cluster from hardly_tied as h)
        and cluster not in (select w.cluster from one_thing as w)
    qualify
        sum(
            case
                when entity_type in ('product', 'live_session') then 0
                when joined_by = 'further_account' then 0
                else 1
            end
        ) over (partition by cluster)
        >= $least_actors
)

select * from final
