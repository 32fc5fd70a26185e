-- What each kind of risk brought a day: alerts opened, confirmed and overturned.
--
-- Alerts are those still open: one that was judged is counted by its verdict.
--
-- grain:   day, typology, market, category
-- params:  none
-- returns: day         date
--          typology    varchar  pack code or UNEXPLAINED
--          market      varchar  of the subject
--          category    varchar  of the subject; null of buyers
--          opened      bigint   alerts of today's queue that opened on the day
--          confirmed   bigint   verdicts of this kind known on the day
--          overturned  bigint   such verdicts replaced by a good one on the day
with overturned_verdicts as (
    select
        b.entity_type,
        b.entity_id,
        b.typology,
        b.replaced_day as day
    from facts.verdicts as b
    inner join facts.verdicts as g
        on
            b.entity_type = g.entity_type
            and b.entity_id = g.entity_id
            and b.replaced_day = g.known_day
    where b.label = 'bad' and g.label = 'good' and b.typology is not null
    group by
        b.label_id, b.entity_type, b.entity_id, b.typology, b.replaced_day
),

counts as (
    select
        opened_on as day,
        entity_type,
        entity_id,
        typology,
        1 as opened,
        0 as confirmed,
        0 as overturned
    from alerts.alerts
    where lane <> 'unproven'
    union all
    select
        known_day as day,
        entity_type,
        entity_id,
        typology,
        0 as opened,
        1 as confirmed,
        0 as overturned
    from facts.verdicts
    where label = 'bad' and typology is not null
    union all
    select
        day,
        entity_type,
        entity_id,
        typology,
        0 as opened,
        0 as confirmed,
        1 as overturned
    from overturned_verdicts
),

final as (
    select
        c.day,
        c.typology,
        e.market,
        e.category,
        cast(sum(c.opened) as bigint) as opened,
        cast(sum(c.confirmed) as bigint) as confirmed,
        cast(sum(c.overturned) as bigint) as overturned
    from counts as c
    left join graph.entities as e
        on c.entity_type = e.entity_type and c.entity_id = e.entity_id
    group by c.day, c.typology, e.market, e.category
)

select * from final
