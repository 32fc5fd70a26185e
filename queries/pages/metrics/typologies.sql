-- What each kind of risk brought in a period, most confirmed first.
--
-- A buyer has no category: a chosen category leaves buyers out.
--
-- grain:   typology
-- params:  since       date
--          until       date
--          markets     varchar[]  list, empty = every
--          categories  varchar[]  list, empty = every
-- returns: typology    varchar  pack code or UNEXPLAINED
--          opened      bigint   open alerts that opened in the period
--          confirmed   bigint   verdicts of this kind given in the period
--          overturned  bigint   such verdicts that an appeal replaced
--          delay_days  double   usual days from its start to a verdict
with counts as (
    select
        typology,
        sum(opened) as opened,
        sum(confirmed) as confirmed,
        sum(overturned) as overturned
    from alerts.typology_days
    where
        day >= cast($since as date) and day <= cast($until as date)
        and is_chosen(cast($markets as varchar[]), market)
        and is_chosen(cast($categories as varchar[]), category)
    group by typology
),

delays as (
    select
        typology,
        max(label_delay_days) as delay_days
    from scores.packs
    group by typology
)

select
    c.typology,
    cast(c.opened as bigint) as opened,
    cast(c.confirmed as bigint) as confirmed,
    cast(c.overturned as bigint) as overturned,
    cast(d.delay_days as double) as delay_days
from counts as c
left join delays as d on c.typology = d.typology
order by
    c.confirmed desc nulls last,
    c.opened desc nulls last,
    c.typology asc nulls last
