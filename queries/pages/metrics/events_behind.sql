-- Who is behind the change of a metric that no order makes: rings, subjects or kinds of risk.
--
-- A period of another length is scaled to the later one; a stock is what there was at the end
-- of each. All rows of every kind of subject together, the limit aside, add up to the change.
--
-- grain:   entity_id
-- params:  kpi           varchar    code of the metric
--          entity_type   varchar    merchant, product, creator, buyer, ring, typology
--          is_stock      boolean
--          markets       varchar[]  empty = every
--          since         date
--          until         date
--          before_since  date
--          before_until  date
--          limit         bigint
-- returns: entity_id  varchar  null = of no ring
--          ring_id    varchar  the ring it is a member of; null = none
--          typology   varchar  of the ring, or of the member in it
--          before     double   scaled
--          after      double
--          n          bigint   subjects that made it
--          change     double   in the metric's unit
--          share      double   of the change of all; null = it did not change
with members as (
    select
        entity_type,
        entity_id,
        min(ring_id) as ring_id,
        min(typology) as typology
    from rings.members
    where role <> 'victim'
    group by entity_type, entity_id
),

events as (
    select
        e.entity_type,
        e.entity_id,
        m.ring_id,
        m.typology,
        if(
            e.day <= cast($until as date)
            and ($is_stock or e.day >= cast($since as date)),
            e.amount,
            0.0
        ) as after,
        if(
            e.day <= cast($before_until as date)
            and ($is_stock or e.day >= cast($before_since as date)),
            e.amount,
            0.0
        ) as before
    from alerts.metric_events as e
    left join members as m
        on e.entity_type = m.entity_type and e.entity_id = m.entity_id
    where
        e.metric = $kpi
        and is_chosen(cast($markets as varchar[]), e.market)
        and (
            $entity_type in ('ring', 'typology')
            or e.entity_type = $entity_type
        )
),

sums as (
    select
        case $entity_type
            when 'ring' then ring_id
            when 'typology' then typology
            else entity_id
        end as entity_id,
        if($entity_type = 'typology', null, min(ring_id)) as ring_id,
        min(typology) as typology,
        sum(before) * if(
            $is_stock,
            1.0,
            (cast($until as date) - cast($since as date) + 1.0)
            / (cast($before_until as date) - cast($before_since as date) + 1.0)
        ) as before,
        sum(after) as after,
        count(distinct entity_type || entity_id) filter (where after <> 0.0)
            as n
    from events
    where before <> 0.0 or after <> 0.0
    group by all
)

select
    entity_id,
    ring_id,
    typology,
    before,
    after,
    n,
    after - before as change,
    (after - before) / nullif(
        cast(sum(cast(after - before as decimal(24, 6))) over () as double),
        0.0
    ) as share
from sums
order by share desc nulls last, entity_id asc nulls last
limit $limit
