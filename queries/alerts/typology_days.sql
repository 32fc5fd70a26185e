-- What each kind of risk brought a day: alerts opened, confirmed and overturned.
--
-- Alerts are those still open: one that was judged is counted by its verdict.
--
-- grain:   day, typology
-- params:  none
-- returns: day         date
--          typology    varchar  pack code or UNEXPLAINED
--          opened      bigint   alerts of today's queue that opened on the day
--          confirmed   bigint   verdicts of this kind known on the day
--          overturned  bigint   such verdicts replaced by a good one on the day
with overturned_verdicts as (
    select
        b.typology,
        b.replaced_day as day
    from facts.verdicts as b
    inner join facts.verdicts as g
        on
            b.entity_type = g.entity_type
            and b.entity_id = g.entity_id
            and b.replaced_day = g.known_day
    where b.label = 'bad' and g.label = 'good' and b.typology is not null
    group by b.label_id, b.typology, b.replaced_day
),

counts as (
    select
        opened_on as day,
        typology,
        1 as opened,
        0 as confirmed,
        0 as overturned
    from alerts.alerts
    where lane <> 'unproven'
    union all
    select
        known_day as day,
        typology,
        0 as opened,
        1 as confirmed,
        0 as overturned
    from facts.verdicts
    where label = 'bad' and typology is not null
    union all
    select
        day,
        typology,
        0 as opened,
        0 as confirmed,
        1 as overturned
    from overturned_verdicts
),

final as (
    select
        day,
        typology,
        cast(sum(opened) as bigint) as opened,
        cast(sum(confirmed) as bigint) as confirmed,
        cast(sum(overturned) as bigint) as overturned
    from counts
    group by day, typology
)

select * from final
