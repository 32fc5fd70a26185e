-- Who of good standing traded with, or is linked to, each entity.
--
-- Good standing: no alert speaks for them and no verdict in force calls them bad. Side by
-- side per entity, so that a page reads the few rows of whom it asks about:
-- docs/decisions/0154-impact-from-open-orders.md.
--
-- grain:   entity_key, partner_key
-- params:  none
-- returns: entity_key   bigint  of facts.entity_keys
--          partner_key  bigint  the same of the partner
with today as (
    select max(as_of) as as_of
    from facts.snapshots
),

suspects as (
    select
        entity_type,
        entity_id
    from alerts.alerts
    union
    select
        v.entity_type,
        v.entity_id
    from facts.verdicts as v
    cross join today as t
    where
        v.label = 'bad'
        and in_force(v.known_day, v.replaced_day, t.as_of)
),

entities as (
    select
        k.entity_type || ':' || k.entity_id as node,
        k.entity_key,
        s.entity_id is null as is_good
    from facts.entity_keys as k
    left join suspects as s
        on k.entity_type = s.entity_type and k.entity_id = s.entity_id
),

tied as (
    select distinct
        a.entity_key as src_key,
        a.is_good as is_src_good,
        b.entity_key as dst_key,
        b.is_good as is_dst_good
    from graph.edges as e
    inner join entities as a on e.src = a.node
    inner join entities as b on e.dst = b.node
),

final as (
    select
        src_key as entity_key,
        dst_key as partner_key
    from tied
    where is_dst_good
    union
    select
        dst_key as entity_key,
        src_key as partner_key
    from tied
    where is_src_good
)

select *
from final
order by
    entity_key asc nulls last,
    partner_key asc nulls last
